export interface TypedTarget {
  /** Empty while none is typed. */
  readonly login: string;
  readonly host: string;
}

/** Longer logins and hosts are no names that any system has. */
const mostLogin = 256;
const mostHost = 1024;

/** Splits `user@host`, `user@host:port` or a part of it at the last @, since logins may contain one. */
export function parseTyped(text: string): TypedTarget {
  const typed = text.trim().replace(/^ssh\s+/, '');
  const at = typed.lastIndexOf('@');
  return at < 0 ? { login: '', host: typed } : { login: typed.slice(0, at), host: typed.slice(at + 1) };
}

/** Whether a connection can be tried with it. */
export function isComplete({ login, host }: TypedTarget): boolean {
  return login !== '' && host !== '' && login.length <= mostLogin && host.length <= mostHost && !/\s/.test(login + host);
}
