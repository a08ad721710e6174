import {
  IconCode,
  IconFile,
  IconFileText,
  IconFileZip,
  IconFolderFilled,
  IconFolderSymlink,
  IconLink,
  IconLinkOff,
  IconPhoto,
  IconPlug,
} from '@tabler/icons-react';
import type { FileEntry } from '../../../../../shared/model/files.ts';

const byEnding: readonly [RegExp, typeof IconFile][] = [
  [/\.(?:png|jpe?g|gif|webp|svg|ico|bmp|tiff?)$/i, IconPhoto],
  [/\.(?:zip|gz|tgz|xz|bz2|zst|7z|rar|tar|jar|deb|rpm)$/i, IconFileZip],
  [/\.(?:[cm]?[jt]sx?|py|go|rs|c|h|cc|cpp|java|rb|php|sh|json|ya?ml|toml|xml|html?|css|sql|proto)$/i, IconCode],
  [/\.(?:txt|md|log|conf|cfg|ini|csv|pdf|docx?)$/i, IconFileText],
];

/** What kind of thing an entry is, at a glance. The words for it stand in the row's tooltip. */
export function FileIcon({ entry: { kind, name, targetKind } }: { entry: FileEntry }) {
  const props = { size: 16, stroke: 1.5, 'aria-hidden': true, style: { flex: 'none' } } as const;
  if (kind === 'folder') return <IconFolderFilled {...props} color="var(--sw-focus)" />;
  if (kind === 'link') {
    if (targetKind === 'folder') return <IconFolderSymlink {...props} color="var(--sw-focus)" />;
    return targetKind === null ? <IconLinkOff {...props} color="var(--sw-bad)" /> : <IconLink {...props} />;
  }
  if (kind === 'other') return <IconPlug {...props} />;
  const Icon = byEnding.find(([ending]) => ending.test(name))?.[1] ?? IconFile;
  return <Icon {...props} />;
}
