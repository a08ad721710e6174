import { type Document, isMap, isSeq, parseDocument, type YAMLMap, YAMLSeq } from 'yaml';
import { AppError } from '../../../../shared/errors/app-error.ts';
import { isTooDeep } from '../../../lib/read-file.ts';
import type { KubeExtras } from '../saved-connections.ts';
import type { KubeIdentity } from './kube-identity.ts';

/** One context with its cluster and user, all of one name. */
export interface KubeContext {
  readonly name: string;
  /** `https://127.0.0.1:8443` */
  readonly server: string;
  readonly identity: KubeIdentity;
  /** Empty for the cluster's own default. */
  readonly namespace: string;
  /** Fields that others had set on the context when it was there before. */
  readonly extras: KubeExtras | null;
}

const sections = ['clusters', 'users', 'contexts'] as const;
const mark = 'slipway/connection';
const base64 = (text: string) => Buffer.from(text).toString('base64');

/** The entries of a context that is not there yet. `previous`: the current context before it. */
export function newEntries({ name, server, identity, namespace, extras }: KubeContext, previous: string) {
  const [ca, key] = [base64(identity.cert), base64(identity.key)];
  const marked = (theirs: unknown, noted: object) => [{ name: mark, extension: noted }, ...(Array.isArray(theirs) ? theirs : [])];
  const cluster = { ...extras?.clusters, server, 'certificate-authority-data': ca };
  const context = { ...(namespace ? { namespace } : {}), ...extras?.contexts, cluster: name, user: name };
  return {
    clusters: { name, cluster: { ...cluster, extensions: marked(extras?.clusters.extensions, { madeBy: 'Slipway' }) } },
    users: { name, user: { ...extras?.users, 'client-certificate-data': ca, 'client-key-data': key } },
    contexts: { name, context: { ...context, extensions: marked(extras?.contexts.extensions, { madeBy: 'Slipway', namespace, previous }) } },
  };
}

const clusterFields = ['server', 'certificate-authority-data'];
const userFields = ['client-certificate-data', 'client-key-data'];
const contextFields = ['cluster', 'user'];

/** Longer ones are not remembered, since they would be read at every start. */
const longestExtras = 64 * 1024;

/** Fields that others have set on a context of ours, on its cluster and its user; null when the context is not there. */
export function extrasOf(document: Document, name: string): KubeExtras | null {
  const context = bodyOf(document, 'contexts', name);
  const noted = ourExtension(context);
  if (!context || !noted) return null;
  const fields = (section: Section, ours: readonly string[]) => {
    const body: Record<string, unknown> = bodyOf(document, section, name)?.toJSON() ?? {};
    const extensions = Array.isArray(body.extensions) ? body.extensions.filter((each) => each?.name !== mark) : [];
    const theirs = Object.entries(body).filter(([key]) => !ours.includes(key) && key !== 'extensions');
    return { ...Object.fromEntries(theirs), ...(extensions.length > 0 ? { extensions } : {}) };
  };
  const isTheirs = String(context.get('namespace') ?? '') !== textOf(noted, 'namespace');
  const extras = {
    clusters: fields('clusters', clusterFields),
    // Secrets are not copied to another file.
    users: fields('users', [...userFields, 'token', 'password']),
    contexts: fields('contexts', isTheirs ? contextFields : [...contextFields, 'namespace']),
  };
  return isTooDeep(extras) || JSON.stringify(extras).length > longestExtras ? null : extras;
}

/** Whether a kubeconfig's text has any entry of ours. */
export const hasOurs = (text: string): boolean => text.includes(mark);

/** A kubeconfig's text as a document whose sections are lists; null for anything else. Throws RangeError when it is nested without end. */
export function readDocument(text: string): Document | null {
  const document = parseDocument(text, { keepSourceTokens: true, uniqueKeys: true });
  const isEmpty = document.contents === null;
  if (document.errors.length > 0 || (!isEmpty && !isMap(document.contents))) return null;
  if (isEmpty) document.contents = document.createNode({}) as never;
  const isList = (section: string) => (document.get(section) ?? null) === null || isSeq(document.get(section));
  return sections.every(isList) ? document : null;
}

/** Adds the context, or renews address and keys in ours. `conflict` when an entry of that name is not ours. */
export function putContext(document: Document, context: KubeContext): void {
  const { name } = context;
  const current = String(document.get('current-context') ?? '');
  const earlier = ourExtension(bodyOf(document, 'contexts', name));
  const previous = current === name ? textOf(earlier, 'previous') : current;
  const entries = newEntries(context, previous);
  const missing = sections.filter((section) => indexOf(document.get(section), name) < 0);
  if (sections.some((section) => !missing.includes(section) && !isOurs(document, section, name)))
    throw new AppError('conflict', `Your kubeconfig has an entry ${name} that Slipway did not make. Rename it there first.`);
  for (const section of missing) listOf(document, section).add(document.createNode(entries[section]));
  if (!document.has('apiVersion')) document.set('apiVersion', 'v1');
  if (!document.has('kind')) document.set('kind', 'Config');
  set(document, 'clusters', name, entries.clusters.cluster, clusterFields);
  set(document, 'users', name, entries.users.user, userFields);
  set(document, 'contexts', name, entries.contexts.context, contextFields);
  const body = bodyOf(document, 'contexts', name);
  const ours = ourExtension(body);
  if (!body || !ours) return;
  // A namespace other than the one we wrote last was set by the person.
  const isTheirs = String(body.get('namespace') ?? '') !== textOf(ours, 'namespace');
  if (!isTheirs && context.namespace) body.set('namespace', context.namespace);
  else if (!isTheirs) body.delete('namespace');
  if (!isTheirs) ours.set('namespace', context.namespace);
  ours.set('previous', previous);
}

/** Removes our entries under that name; returns whether there were any. */
export function removeContext(document: Document, name: string): boolean {
  const previous = textOf(ourExtension(bodyOf(document, 'contexts', name)), 'previous');
  const ours = sections.filter((section) => isOurs(document, section, name));
  for (const section of ours) document.deleteIn([section, indexOf(document.get(section), name)]);
  if (ours.length === 0) return false;
  for (const item of itemsOf(document, 'contexts')) {
    const other = ourExtension(isMap(item) ? item.get('context') : null);
    if (textOf(other, 'previous') === name) other?.set('previous', previous);
  }
  const isKnown = itemsOf(document, 'contexts').some((item) => isMap(item) && item.get('name') === previous);
  if (document.get('current-context') === name) document.set('current-context', isKnown ? previous : '');
  return true;
}

/**
 * Whether a kubeconfig says the same as one of before apart from one context of ours. kubectl puts everything in the order of the alphabet, so the order counts
 * only where somebody else wrote.
 */
export function sameApartFrom(name: string, now: string, before: string): boolean {
  const said = (text: string) => {
    const document = readDocument(text);
    if (document) removeContext(document, name);
    return withoutEmpty(document?.toJSON() ?? null);
  };
  const [left, right] = [said(now), said(before)];
  const isKubectls = JSON.stringify(left) === JSON.stringify(sorted(left));
  return JSON.stringify(left) === JSON.stringify(isKubectls ? sorted(right) : right);
}

function withoutEmpty(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutEmpty);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, withoutEmpty(inner)] as const);
  return Object.fromEntries(entries.filter(([, inner]) => !isEmpty(inner)));
}

/** Keys, and entries that have names, in the order of the alphabet. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) {
    const entries = value.map(sorted);
    return entries.every(isNamed) ? entries.sort((a, b) => (String(a.name) < String(b.name) ? -1 : 1)) : entries;
  }
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, sorted(inner)] as const);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

const isNamed = (entry: unknown): entry is { name: unknown } => typeof entry === 'object' && entry !== null && 'name' in entry;
const isEmpty = (value: unknown) => value === null || value === '' || (typeof value === 'object' && Object.keys(value).length === 0);

const bodyName = { clusters: 'cluster', users: 'user', contexts: 'context' } as const;
type Section = (typeof sections)[number];

function itemsOf(document: Document, section: Section): unknown[] {
  const list = document.get(section);
  return isSeq(list) ? list.items : [];
}

function bodyOf(document: Document, section: Section, name: string): YAMLMap | null {
  const item = itemsOf(document, section).find((each) => isMap(each) && each.get('name') === name);
  const body = isMap(item) ? item.get(bodyName[section]) : null;
  return isMap(body) ? body : null;
}

/** kubectl keeps no extensions of users, so a user is ours when the cluster or the context of that name is. */
function isOurs(document: Document, section: Section, name: string): boolean {
  if (indexOf(document.get(section), name) < 0) return false;
  const marked = (each: Section) => hasMark(bodyOf(document, each, name));
  return section === 'users' ? marked('clusters') || marked('contexts') : marked(section);
}

const markedEntry = (body: unknown): YAMLMap | null => {
  const extensions = isMap(body) ? body.get('extensions') : null;
  const found = isSeq(extensions) ? extensions.items.find((each) => isMap(each) && each.get('name') === mark) : null;
  return isMap(found) ? found : null;
};
const hasMark = (body: unknown) => markedEntry(body) !== null;

/** What we noted on a context of ours. */
function ourExtension(body: unknown): YAMLMap | null {
  const extension = markedEntry(body)?.get('extension');
  return isMap(extension) ? extension : null;
}

const textOf = (map: YAMLMap | null, key: string) => String(map?.get(key) ?? '');

function set(document: Document, section: Section, name: string, values: Record<string, unknown>, keys: readonly string[]): void {
  const body = bodyOf(document, section, name);
  for (const key of keys) if (body && body.get(key) !== values[key]) body.set(key, values[key]);
}

function listOf(document: Document, section: Section): YAMLSeq {
  const found = document.get(section);
  if (isSeq(found)) {
    found.flow = found.items.length > 0 ? (found.flow ?? false) : false;
    return found;
  }
  const list = new YAMLSeq(document.schema);
  list.flow = false;
  document.set(section, list);
  return list;
}

function indexOf(list: unknown, name: string): number {
  return isSeq(list) ? list.items.findIndex((item) => isMap(item) && item.get('name') === name) : -1;
}
