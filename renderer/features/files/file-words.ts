import type { FileEntry, FileKind, TreeCount } from '../../../shared/model/files.ts';
import { displayText } from '../../ui/display-text.ts';
import { sizeText } from '../../ui/words/size-text.ts';

const kindLetters: Record<FileKind, string> = { file: '-', folder: 'd', link: 'l', other: '?' };

/** Permission bits as `ls -l` writes them, with the letter of the kind. Empty when unknown. */
export function modeText({ mode, kind }: Pick<FileEntry, 'mode' | 'kind'>): string {
  if (mode === null) return '';
  const letters = [...'rwxrwxrwx'].map((letter, at) => (mode & (0o400 >> at) ? letter : '-'));
  const special = (bit: number, at: number, letter: string) => {
    if (mode & bit) letters[at] = letters[at] === 'x' ? letter : letter.toUpperCase();
  };
  special(0o4000, 2, 's');
  special(0o2000, 5, 's');
  special(0o1000, 8, 't');
  return kindLetters[kind] + letters.join('');
}

export const octalText = (mode: number): string => mode.toString(8).padStart(4, '0');

/** `1 file`, `2,000 files`. */
export function countText(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`;
}

/** `“notes.txt”` for one name, `3 items` for several. */
export function namesText(names: readonly string[]): string {
  const [name, ...others] = names;
  return name !== undefined && others.length === 0 ? `“${displayText(name, 60)}”` : countText(names.length, 'item');
}

/** What a tree holds, in words; `nothing` for an empty one. */
export function treeText(count: TreeCount): string {
  const parts = [
    count.files > 0 && countText(count.files, 'file'),
    count.folders > 0 && countText(count.folders, 'folder'),
    count.links > 0 && countText(count.links, 'link'),
    count.others > 0 && countText(count.others, 'special file'),
  ].filter((part) => part !== false);
  const last = parts.pop();
  if (last === undefined) return 'nothing';
  const list = parts.length > 0 ? `${parts.join(', ')} and ${last}` : last;
  return count.bytes > 0 ? `${list} (${sizeText(count.bytes)})` : list;
}

export const treeEntries = ({ files, folders, links, others }: TreeCount): number => files + folders + links + others;

/** `1 h 04 min`, `3 min 20 s`, `12 s`. */
export function durationText(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min ${String(whole % 60).padStart(2, '0')} s`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
}
