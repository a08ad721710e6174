import type { Entry } from '../state/inventory.ts';
import { isSince } from '../versions.ts';
import { code, invalid, RpcError } from './errors.ts';

type Value = string | boolean | readonly string[] | Readonly<Record<string, unknown>> | undefined;
type Expression = (entry: Entry) => Value;

interface Token {
  readonly text: string;
  readonly at: number;
  readonly kind: 'name' | 'string' | 'operator' | 'end';
}

/** Compiles Teleport's predicate language as far as it is used in resource filters (login-and-auth §7.4). */
export function compilePredicate(source: string, version: string): (entry: Entry) => boolean {
  if (isSince(version, 16)) return compile(source, true);
  try {
    return compile(source, false);
  } catch (error) {
    throw invalid(`failed to parse predicate expression: ${(error as Error).message.replaceAll('\n\t', ': ')}`);
  }
}

function compile(source: string, later: boolean): (entry: Entry) => boolean {
  const parser = new Parser(tokenize(source), later);
  const expression = parser.whole();
  if (parser.type(expression) !== 'bool') {
    throw invalid('expression evaluated to unexpected type\n\texpected type bool, got expression returning type (string)');
  }
  return (entry) => expression(entry) === true;
}

function tokenize(source: string): Token[] {
  const tokens: Token[] = [];
  const pattern = /\s+|("(?:[^"\\]|\\.)*")|([A-Za-z_][A-Za-z0-9_]*)|(==|!=|&&|\|\||[!().,[\]])|(.)/gsu;
  for (const match of source.matchAll(pattern)) {
    const [text, string, name, operator, stray] = match;
    if (stray) throw syntax(match.index, `illegal character U+${stray.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')} '${stray}'`);
    if (string) tokens.push({ kind: 'string', text: unquote(string), at: match.index });
    else if (name || operator) tokens.push({ kind: name ? 'name' : 'operator', text, at: match.index });
  }
  return [...tokens, { kind: 'end', text: 'EOF', at: source.length }];
}

function unquote(text: string): string {
  return text.slice(1, -1).replace(/\\(.)/gs, '$1');
}

function syntax(at: number, message: string): RpcError {
  return new RpcError(code.unknown, `1:${at + 1}: ${message}`);
}

class Parser {
  readonly #tokens: readonly Token[];
  readonly #types = new WeakMap<Expression, string>();
  readonly #later: boolean;
  #at = 0;

  /** `later`: with what came with 16. */
  constructor(tokens: readonly Token[], later: boolean) {
    this.#tokens = tokens;
    this.#later = later;
  }

  type(expression: Expression): string {
    return this.#types.get(expression) ?? 'string';
  }

  whole(): Expression {
    const expression = this.#or();
    const rest = this.#peek();
    if (rest.kind !== 'end') throw syntax(rest.at, `expected 'EOF', found '${rest.text}'`);
    return expression;
  }

  #peek(): Token {
    return this.#tokens[this.#at]!;
  }

  #take(text: string): boolean {
    if (this.#peek().kind !== 'operator' || this.#peek().text !== text) return false;
    this.#at++;
    return true;
  }

  #expect(text: string): void {
    if (!this.#take(text)) throw syntax(this.#peek().at, `expected '${text}', found '${this.#peek().text}'`);
  }

  #bool(expression: Expression): Expression {
    this.#types.set(expression, 'bool');
    return expression;
  }

  #or(): Expression {
    let left = this.#and();
    while (this.#take('||')) {
      const [a, b] = [left, this.#and()];
      left = this.#bool((entry) => a(entry) === true || b(entry) === true);
    }
    return left;
  }

  #and(): Expression {
    let left = this.#comparison();
    while (this.#take('&&')) {
      const [a, b] = [left, this.#comparison()];
      left = this.#bool((entry) => a(entry) === true && b(entry) === true);
    }
    return left;
  }

  #comparison(): Expression {
    const left = this.#unary();
    const equal = this.#take('==');
    if (!equal && !this.#take('!=')) return left;
    const right = this.#unary();
    return this.#bool((entry) => (left(entry) === right(entry)) === equal);
  }

  #unary(): Expression {
    if (this.#take('!')) {
      const inner = this.#unary();
      return this.#bool((entry) => inner(entry) !== true);
    }
    if (this.#take('(')) {
      const inner = this.#or();
      this.#expect(')');
      return inner;
    }
    const token = this.#peek();
    this.#at++;
    if (token.kind === 'string') return () => token.text;
    if (token.kind !== 'name') throw syntax(token.at, `expected operand, found '${token.text}'`);
    return this.#take('(') ? this.#call(token.text) : this.#path(token.text);
  }

  #call(name: string): Expression {
    const args: Expression[] = [];
    while (!this.#take(')')) {
      if (args.length > 0) this.#expect(',');
      args.push(this.#or());
    }
    const text = (entry: Entry, index: number) => String(args[index]?.(entry) ?? '');
    if (!this.#later && (name === 'contains' || name === 'split')) throw invalid(`parsing expression\n\tunsupported function: ${name}`);
    switch (name) {
      case 'equals':
        return this.#bool((entry) => args[0]?.(entry) === args[1]?.(entry));
      case 'search':
        return this.#bool((entry) => args.every((argument) => entry.searchText.includes(String(argument(entry)).toLowerCase())));
      case 'exists':
        return this.#bool((entry) => args[0]?.(entry) !== undefined);
      case 'hasPrefix':
        return this.#bool((entry) => text(entry, 0).startsWith(text(entry, 1)));
      case 'contains':
        return this.#bool((entry) => ((args[0]?.(entry) ?? []) as readonly string[]).includes(text(entry, 1)));
      case 'split':
        return (entry) => text(entry, 0).split(text(entry, 1));
      default:
        throw invalid(`parsing expression\n\tunsupported function: ${name}`);
    }
  }

  #path(first: string): Expression {
    const path = [first];
    for (;;) {
      if (this.#take('.')) path.push(this.#key('name'));
      else if (this.#take('[')) {
        path.push(this.#key('string'));
        this.#expect(']');
      } else break;
    }
    if (!['name', 'labels', 'resource', ...(this.#later ? ['health'] : []), 'true', 'false'].includes(first))
      throw invalid(`parsing expression\n\tidentifier ${path.join('.')} is not defined`);
    if (first === 'true' || first === 'false') return this.#bool(() => first === 'true');
    return (entry) => lookup(entry, path);
  }

  #key(kind: Token['kind']): string {
    const token = this.#peek();
    if (token.kind !== kind) throw syntax(token.at, `expected ${kind === 'name' ? 'selector' : 'operand'}, found '${token.text}'`);
    this.#at++;
    return token.text;
  }
}

function lookup(entry: Entry, path: readonly string[]): Value {
  if (path[0] === 'name') return entry.name;
  if (path[0] === 'labels') return path.length === 2 ? entry.labels[path[1]!] : entry.labels;
  const resource = contained(entry);
  if (path[0] === 'health') return path[1] === 'status' ? (entry.message.DatabaseServer?.Status?.TargetHealth?.Status ?? undefined) : undefined;
  let value: unknown = resource;
  for (const part of path.slice(1)) {
    if (typeof value !== 'object' || value === null) return undefined;
    const found = Object.keys(value).find((key) => key.toLowerCase() === part.toLowerCase());
    value = found === undefined ? undefined : (value as Record<string, unknown>)[found];
  }
  return value as Value;
}

/** The resource inside its server object: the one whose fields `resource.…` names. */
function contained(entry: Entry): object {
  const { Node, DatabaseServer, AppServer, KubernetesServer, WindowsDesktop } = entry.message;
  return (
    Node ??
    DatabaseServer?.Spec?.Database ??
    AppServer?.Spec?.App ??
    KubernetesServer?.Spec?.Cluster ?? { ...WindowsDesktop?.Header, Spec: WindowsDesktop?.Spec }
  );
}
