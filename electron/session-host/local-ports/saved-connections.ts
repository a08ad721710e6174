import * as z from 'zod';
import { connectionOriginSchema, connectionRowSchema, portSchema } from '../../../shared/model/gateway.ts';
import { JsonFile } from '../../lib/json-file.ts';
import { salvage } from '../../lib/salvage.ts';

const fieldsSchema = z.record(z.string(), z.unknown());
/** Fields of a kubeconfig's context, its cluster and its user that are not ours. */
const kubeExtrasSchema = z.object({ clusters: fieldsSchema, users: fieldsSchema, contexts: fieldsSchema });
export type KubeExtras = z.infer<typeof kubeExtrasSchema>;

/** What is remembered of a connection; no keys and no certificates. */
const savedConnectionSchema = z.object({
  id: z.string().min(1).max(100),
  target: connectionRowSchema.shape.target,
  origin: connectionOriginSchema.default('connection_list'),
  /** Whether it was open when Slipway was closed; if so, it is opened again at the start. */
  open: z.boolean().default(false),
  protocol: z.string().max(100).default(''),
  /** Name of the cluster that owns the target; empty until the connection was open once. */
  owner: z.string().max(300).default(''),
  port: portSchema.nullable().default(null),
  database: z.string().max(256).default(''),
  namespace: z.string().max(253).default(''),
  merged: z.boolean().default(false),
  /** Fields that people had set on the context in their kubeconfig when it was removed; they are restored with it. */
  kubeExtras: kubeExtrasSchema.nullable().default(null),
  /** The token that requests to a web app or MCP server have to carry; empty for none. It is valid for this computer's port only. */
  token: z.string().max(100).default(''),
  targetPorts: connectionRowSchema.shape.targetPorts.default([]),
  createdAt: z.number().default(0),
});
export type SavedConnection = z.infer<typeof savedConnectionSchema>;

const fileSchema = z.object({ connections: z.array(savedConnectionSchema).max(2000) });

/** The list of connections on disk. Without a path nothing is kept. */
export class SavedConnections {
  readonly connections: SavedConnection[];
  /** A sentence when the file could not be read in full. */
  readonly problem: string | null;
  readonly #file: JsonFile<{ connections: SavedConnection[] }> | null;

  constructor(path: string | null) {
    let dropped = 0;
    this.#file =
      path === null
        ? null
        : new JsonFile({
            path,
            version: 1,
            check: (content) => {
              const salvaged = salvage(fileSchema, content);
              if (!salvaged) throw new Error('it has no list of connections');
              dropped = salvaged.dropped.length;
              return salvaged.value;
            },
            fallback: () => ({ connections: [] }),
          });
    const reading = this.#file?.read();
    this.connections = reading?.value.connections ?? [];
    this.problem = reading?.problem ?? (dropped > 0 ? 'Some saved connections could not be read and were left out.' : null);
  }

  async write(connections: SavedConnection[]): Promise<void> {
    await this.#file?.write({ connections });
  }

  async settled(): Promise<void> {
    await this.#file?.settled();
  }
}
