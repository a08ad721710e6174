const secretName =
  /pass(word|wd|phrase)?$|^pass|secret|token|cookie|authorization|credential|otp|^pin$|^puk$|private.?key|^key$|(^|_)keys?$|certificate|^cert$|^ca$|^tls$|ticket|proof|signature|webauthn/i;
const secretText =
  /-----BEGIN [A-Z0-9 ]+-----[\s\S]*?(-----END [A-Z0-9 ]+-----|$)|\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=-]{8,}|([?&#](token|code|secret|password)=)[^\s&"']+|\b[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\b/g;
const hidden = '[hidden]';
/** Enough for a stack; longer texts, such as a server's answer, would fill the log. */
const maxText = 8192;
const maxDepth = 6;
/** With the depth, this bounds a line whatever object somebody logs. */
const maxEntries = 100;

/** Text as it may stand in a log: without PEM blocks, bearer tokens, JSON web tokens and tokens in URLs, and of bounded length. */
export function redactText(text: string): string {
  const cut = text.length > maxText ? `${text.slice(0, maxText)}… (${text.length} characters)` : text;
  return cut.replace(
    secretText,
    (_match, _end, scheme: string | undefined, parameter: string | undefined) => (parameter ?? (scheme ? `${scheme} ` : '')) + hidden,
  );
}

/**
 * A value as it may stand in a log. Whatever goes by the name of a secret is hidden, whatever type it has; texts inside go
 * through `text`, bytes become their length, errors keep name, message, code, stack and cause. Size and depth are bounded.
 */
export function redact(value: unknown, text: (text: string) => string = redactText, depth = 0): unknown {
  if (typeof value === 'string') return text(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return typeof value === 'function' || typeof value === 'symbol' ? `[${typeof value}]` : value;
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (depth >= maxDepth) return '[deeper]';
  if (value instanceof Error) return redactError(value, text, depth);
  if (Array.isArray(value)) return value.slice(0, maxEntries).map((item) => redact(item, text, depth + 1));
  if (value instanceof Map || value instanceof Set) return `[${value.constructor.name} of ${value.size}]`;
  const entries = Object.entries(value).slice(0, maxEntries);
  return Object.fromEntries(
    entries.map(([name, inner]) => [
      name,
      secretName.test(name) && inner !== null && inner !== undefined && typeof inner !== 'boolean' ? hidden : redact(inner, text, depth + 1),
    ]),
  );
}

function redactError(error: Error, text: (text: string) => string, depth: number): unknown {
  const code = 'code' in error ? error.code : undefined;
  return {
    type: error.name,
    message: text(error.message),
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    ...(error.stack ? { stack: text(error.stack) } : {}),
    ...(error.cause === undefined ? {} : { cause: redact(error.cause, text, depth + 1) }),
  };
}
