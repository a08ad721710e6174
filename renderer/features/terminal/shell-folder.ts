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

/**
 * The folder in a window title of the form `user@host: ~/folder`, which the shells of most distributions set where they do not report
 * their folder. Null for other titles, and for one of another user, whose home is elsewhere.
 */
export function titledFolder(title: string, login: string): string | null {
  const [, user, folder] = /^([^@\s:]+)@[^:\s]+: ?(\/.*|~(?:\/.*)?)$/.exec(title.slice(0, longest)) ?? [];
  if (folder === undefined || (folder.startsWith('~') && user !== login)) return null;
  return folder;
}
