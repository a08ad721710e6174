// What comments and pages refer to has to exist: sections of docs/protocol, linked files, and files and names between backticks in README and docs.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

const sources = ['electron', 'shared', 'renderer', 'test', 'proto', 'build'];
/** Written by programs; and the test of this file, whose citations are its samples. */
const exempt = /^(proto\/gen(\/|$)|test\/vectors\/|test\/bench\/results\.json|build\/checks\/references\.test\.ts)/;
const protocol = 'docs/protocol';
/** Standards that are cited by section, too; their sections are not ours to check. */
const standards = /(?:RFC \d+|draft-[\w-]+|PROTOCOL[.\w]*),? §[\d.]+(?:(?:,| and| to) §[\d.]+)*/g;

/** References of the project in `root` that lead nowhere, one sentence each, with the file and the line. */
export function referenceProblems(root) {
  const pages = filesUnder(root, 'docs').filter((file) => file.endsWith('.md'));
  const sections = new Map(pages.filter((page) => dirname(page) === protocol).map((page) => [page, numbersOf(read(root, page))]));
  const code = sources.flatMap((folder) => filesUnder(root, folder)).filter((file) => /\.(tsx?|mjs|cjs|proto)$/.test(file) && !exempt.test(file));
  return [
    ...[...code, ...pages].flatMap((file) => citationProblems(file, read(root, file), sections)),
    ...['README.md', ...pages].flatMap((page) => pageProblems(root, page)),
  ];
}

/** A section belongs to the page that was named last before it, on its line or the line above. */
function citationProblems(file, text, sections) {
  const names = [...sections.keys()].map((page) => page.slice(protocol.length + 1, -'.md'.length));
  const token = new RegExp(`(?:\\b(${names.join('|')})\\b(?:\\.md)?)|§(\\d+(?:\\.\\d+)*)`, 'g');
  const problems = [];
  let above = null;
  for (const [index, line] of text.split('\n').entries()) {
    let current = above;
    above = null;
    for (const [, name, section] of line.replace(standards, '').matchAll(token)) {
      if (name) current = above = name;
      else if (!current) problems.push(`${file}:${index + 1} cites §${section} without the page`);
      else if (!sections.get(`${protocol}/${current}.md`).has(section))
        problems.push(`${file}:${index + 1} cites §${section} of ${current}, which has no such section`);
    }
  }
  return problems;
}

/** Links of a page, and the paths between its backticks, with the names in parentheses that stand directly behind a path. */
function pageProblems(root, page) {
  const text = withoutFences(read(root, page));
  const room = /^# .*`([\w./-]+\/)`/m.exec(text)?.[1] ?? '';
  const problems = [];
  const at = (index) => `${page}:${text.slice(0, index).split('\n').length}`;
  for (const { 1: target, index } of text.matchAll(/\]\(([^)\s]+)\)/g)) {
    if (/^[a-z]+:/.test(target)) continue;
    const [path, anchor] = target.split('#');
    const file = path === '' ? page : join(dirname(page), path);
    if (!existsSync(join(root, file))) problems.push(`${at(index)} links to ${path}, which does not exist`);
    else if (anchor && !anchorsOf(read(root, file)).has(anchor)) problems.push(`${at(index)} links to #${anchor}, which ${file} does not have`);
  }
  for (const { 1: path, 2: names, index } of text.matchAll(/`([\w./-]+)`(?:\s+\((`[^()]*`)\))?/g)) {
    if (!isPath(path)) continue;
    const file = [path, join(room, path)].find((candidate) => existsSync(join(root, candidate)));
    if (!file) problems.push(`${at(index)} names ${path}, which does not exist`);
    else if (names && statSync(join(root, file)).isFile()) {
      const words = new Set(read(root, file).match(/[\w$]+/g));
      for (const name of names.match(/[\w$]+/g) ?? []) if (!words.has(name)) problems.push(`${at(index)} names ${name}, which ${file} does not have`);
    }
  }
  return problems;
}

/** Whether text between backticks means a file or folder of the repository. */
const isPath = (text) => /\.(tsx?|mjs|cjs|proto)$/.test(text) || (sources.includes(text.split('/')[0]) && text.includes('/') && !exempt.test(text));

const numbersOf = (text) => new Set([...text.matchAll(/^#+ (\d+(?:\.\d+)*) /gm)].map(([, number]) => number));

/** The anchors of a page's headings, as GitHub makes them. */
const anchorsOf = (text) =>
  new Set(
    [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
      heading
        .toLowerCase()
        .replace(/[^\w\- ]/g, '')
        .replaceAll(' ', '-'),
    ),
  );

const withoutFences = (text) => text.replace(/^```[\s\S]*?^```/gm, (block) => block.replace(/[^\n]/g, ''));

const read = (root, file) => readFileSync(join(root, file), 'utf8');

function filesUnder(root, folder) {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length).replaceAll('\\', '/').replace(/^\//, ''));
}
