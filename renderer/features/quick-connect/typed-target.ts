export interface TypedTarget {
  /** Empty while none is typed. */
  readonly login: string;
  readonly host: string;
}

const mostLogin = 256;
const mostHost = 1024;

/** What `user@host`, `user@host:port` or a part of it says. The last @ parts them, since logins may hold one. */
export function parseTyped(text: string): TypedTarget {
  const typed = text.trim().replace(/^ssh\s+/, '');
  const at = typed.lastIndexOf('@');
  return at < 0 ? { login: '', host: typed } : { login: typed.slice(0, at), host: typed.slice(at + 1) };
}

/** Whether a connection can be tried with it as it stands. */
export function isComplete({ login, host }: TypedTarget): boolean {
  return login !== '' && host !== '' && login.length <= mostLogin && host.length <= mostHost && !/\s/.test(login + host);
}
