import { decodeName, encodeName } from '../../../../ssh/sftp/sftp.ts';
import type { MemoryBound } from '../../file-systems/memory-bound.ts';
import type { PlanFolder } from './plan-folder.ts';

/** A file or link to be moved. */
export interface PlanItem {
  readonly folder: PlanFolder;
  readonly kind: 'file' | 'link';
  /** The sending file system's path; it differs from folder and name for sources that were chosen from several folders. */
  readonly source: string;
  /** Name at the target. */
  readonly name: string;
  readonly size: number;
  readonly modified: number | null;
  readonly mode: number | null;
  isSettled: boolean;
}

const recordBytes = 32;
const recordsInBlock = 4096;
const namesBlock = 65_536;
const flag = { link: 1, settled: 2, modified: 4, mode: 8 } as const;
const place = { folder: 0, nameAt: 4, nameLength: 8, mode: 10, flags: 12, size: 16, modified: 24 } as const;

/** The files and links of a plan, in blocks of bytes: a million of them as objects would take several hundred megabytes. */
export class PlanItems {
  readonly #bound: MemoryBound;
  readonly #sourceIn: (folder: PlanFolder, name: string) => string;
  readonly #folderAt: (index: number) => PlanFolder;
  readonly #records: Buffer[] = [];
  readonly #names: Buffer[] = [];
  /** Of sources themselves, and of names that the target cannot have. */
  readonly #differing = new Map<number, { source: string; name: string }>();
  #namesEnd = namesBlock;
  #length = 0;

  /** `folderAt`: the folder of an index; `sourceIn`: the sending file system's path of an entry of a folder. */
  constructor(bound: MemoryBound, folderAt: (index: number) => PlanFolder, sourceIn: (folder: PlanFolder, name: string) => string) {
    this.#bound = bound;
    this.#folderAt = folderAt;
    this.#sourceIn = sourceIn;
  }

  get length(): number {
    return this.#length;
  }

  /** `given`: name at the source. */
  add(item: Omit<PlanItem, 'isSettled'>, given: string): void {
    const index = this.#length;
    const isDiffering = item.name !== given || item.source !== this.#sourceIn(item.folder, given);
    if (isDiffering) {
      this.#bound.takeObject(item.source, item.name);
      this.#differing.set(index, { source: item.source, name: item.name });
    }
    const { at: nameAt, length } = isDiffering ? { at: 0, length: 0 } : this.#putName(encodeName(item.name));
    if (index % recordsInBlock === 0) {
      this.#bound.take(recordsInBlock * recordBytes);
      this.#records.push(Buffer.alloc(recordsInBlock * recordBytes));
    }
    const { block, at } = this.#record(index);
    block.writeUInt32LE(item.folder.index, at + place.folder);
    block.writeUInt32LE(nameAt, at + place.nameAt);
    block.writeUInt16LE(length, at + place.nameLength);
    block.writeUInt16LE(item.mode ?? 0, at + place.mode);
    block[at + place.flags] =
      (item.kind === 'link' ? flag.link : 0) | (item.modified !== null ? flag.modified : 0) | (item.mode !== null ? flag.mode : 0);
    block.writeDoubleLE(item.size, at + place.size);
    block.writeDoubleLE(item.modified ?? 0, at + place.modified);
    this.#length++;
  }

  /** Those that are not settled yet, in their order. Each is made when it is asked for. */
  *open(kind: PlanItem['kind'], fits: (size: number) => boolean = () => true): Generator<PlanItem> {
    for (let index = 0; index < this.#length; index++) {
      const { block, at } = this.#record(index);
      const flags = block[at + place.flags]!;
      const isKind = ((flags & flag.link) !== 0) === (kind === 'link');
      if (isKind && (flags & flag.settled) === 0 && fits(block.readDoubleLE(at + place.size))) yield this.#item(index);
    }
  }

  #item(index: number): PlanItem {
    const { block, at } = this.#record(index);
    const flags = block[at + place.flags]!;
    const folder = this.#folderAt(block.readUInt32LE(at + place.folder));
    return {
      folder,
      kind: flags & flag.link ? 'link' : 'file',
      ...(this.#differing.get(index) ?? this.#named(folder, block, at)),
      size: block.readDoubleLE(at + place.size),
      modified: flags & flag.modified ? block.readDoubleLE(at + place.modified) : null,
      mode: flags & flag.mode ? block.readUInt16LE(at + place.mode) : null,
      get isSettled() {
        return (block[at + place.flags]! & flag.settled) !== 0;
      },
      set isSettled(is) {
        const others = block[at + place.flags]! & ~flag.settled;
        block[at + place.flags] = is ? others | flag.settled : others;
      },
    };
  }

  #named(folder: PlanFolder, block: Buffer, at: number): { source: string; name: string } {
    const nameAt = block.readUInt32LE(at + place.nameAt);
    const offset = nameAt % namesBlock;
    const bytes = this.#names[Math.floor(nameAt / namesBlock)]!.subarray(offset, offset + block.readUInt16LE(at + place.nameLength));
    const name = decodeName(bytes);
    return { source: this.#sourceIn(folder, name), name };
  }

  #record(index: number): { block: Buffer; at: number } {
    return { block: this.#records[Math.floor(index / recordsInBlock)]!, at: (index % recordsInBlock) * recordBytes };
  }

  #putName(name: Buffer): { at: number; length: number } {
    if (this.#namesEnd + name.length > namesBlock) {
      this.#bound.take(namesBlock);
      this.#names.push(Buffer.allocUnsafeSlow(namesBlock));
      this.#namesEnd = 0;
    }
    const offset = this.#namesEnd;
    this.#names.at(-1)!.set(name, offset);
    this.#namesEnd += name.length;
    return { at: (this.#names.length - 1) * namesBlock + offset, length: name.length };
  }
}
