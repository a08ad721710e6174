/** The value of `--name value` or `--name=value` on a command line; null when it is not there or empty. */
export function argument(argv: readonly string[], name: string): string | null {
  for (const [index, word] of argv.entries()) {
    if (word === `--${name}`) {
      const next = argv[index + 1];
      return next && !next.startsWith('--') ? next : null;
    }
    if (word.startsWith(`--${name}=`)) return word.slice(name.length + 3) || null;
  }
  return null;
}
