const longest = 4096;

/** The folder in an OSC 7 sequence (`file://host/path`), as shells report where they are. Null for anything else. */
export function reportedFolder(data: string): string | null {
  if (data.length > longest * 3) return null;
  const path = /^file:\/\/[^/]*(\/.*)$/.exec(data)?.[1];
  if (path === undefined) return null;
  try {
    const folder = decodeURIComponent(path);
    return folder.length <= longest && !/[\0-\x1f\x7f]/.test(folder) ? folder : null;
  } catch {
    return null;
  }
}
