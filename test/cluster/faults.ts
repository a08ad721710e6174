/** Ways to misbehave, changed at run time. Nothing set: the cluster behaves. */
export interface Faults {
  /** Milliseconds before each web and gRPC answer. */
  slow?: number;
  /** Cuts the connection instead of answering: web requests, RPCs, or a dial of a node. */
  drop?: readonly ('web' | 'rpc' | 'dial' | 'session')[];
  /** Certificates live this many milliseconds at most. */
  expire?: number;
  /** Answers every login and RPC with this text. */
  refuse?: string;
  /**
   * `version`: ping names a version of the far future; `cluster-name`: ping names another cluster than the certificates; `host-key`: nodes
   * show a host certificate of another cluster; `host-name`: of another node; `host-expired`: one that ran out; `host-type`: a user certificate
   * as host certificate; `host-option`: one with an unknown critical option; `host-ca`: logins name a host CA that signed nothing.
   */
  lie?: 'version' | 'cluster-name' | 'host-key' | 'host-name' | 'host-expired' | 'host-type' | 'host-option' | 'host-ca';
  /** What web answers look like: not JSON, far too long, of the wrong shape, cut off, shorter than promised. */
  web?: 'garbage' | 'huge' | 'shape' | 'cut' | 'length';
  /** What RPC answers look like: undecodable bytes, a message above 4 MiB, or no end to the stream. */
  rpc?: 'garbage' | 'huge' | 'hang';
  /**
   * File transfer at the cluster's own nodes. `refused`: by the role option; `unknown`: as by agents before 10.3, which say nothing. In answers: `length`, a length that cannot be; `unasked`, data that nobody asked
   * for; `stranger`, to a question that was not asked; `too-much`, more bytes than were asked for. In listings: `names` that are none or deceive, a
   * `million` entries, `wide` folders that all hold 500 folders with long names, an `endless` list without any, a `size` that is not so.
   */
  sftp?: 'refused' | 'unknown' | 'length' | 'unasked' | 'stranger' | 'too-much' | 'names' | 'million' | 'wide' | 'endless' | 'size';
  /** Limits `web` and `rpc` to paths that contain this text. */
  only?: string;
}

/** The present faults. Every part that can misbehave reads them when it answers. */
export class FaultBox {
  #faults: Faults = {};

  get current(): Faults {
    return this.#faults;
  }

  set(faults: Faults): void {
    this.#faults = faults;
  }

  /** The web or RPC fault for one path. */
  answer<K extends 'web' | 'rpc'>(kind: K, path: string): Faults[K] {
    return this.#faults.only === undefined || path.includes(this.#faults.only) ? this.#faults[kind] : undefined;
  }

  drops(what: NonNullable<Faults['drop']>[number]): boolean {
    return this.#faults.drop?.includes(what) ?? false;
  }
}
