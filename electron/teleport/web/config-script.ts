const name = 'var GRV_CONFIG';

/**
 * The JSON of a proxy's `config.js`, which is `var GRV_CONFIG = {…};`; empty when it is something else. By hand, since the spaces of a hostile answer would
 * keep a regular expression busy for hours.
 */
export function configJson(script: string): string {
  const text = script.trim();
  const value = text.startsWith(name) ? text.slice(name.length).trimStart() : '';
  if (!value.startsWith('=')) return '';
  return (value.endsWith(';') ? value.slice(1, -1) : value.slice(1)).trim();
}
