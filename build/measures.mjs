// npm run check -- --measures: figures of the structure. Source is every tracked .ts, .tsx, .mjs and .cjs file outside test/, without tests and
// generated code; the page's made-up worlds (renderer/fakes) and testing/ folders count as tests.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import ts from 'typescript';

const isCode = (path) => /\.(tsx?|mjs|cjs)$/.test(path) && !path.startsWith('proto/gen/');
const isTest = (path) => /\.(test|e2e|bench)\.tsx?$/.test(path) || /^test\/|\/testing\/|^renderer\/fakes\//.test(path);
const longFunction = 80;
const fullFolder = 20;
const longFile = 350;

/** Prints the figures of the checkout in `root`. */
export function printMeasures(root) {
  const files = execFileSync('git', ['ls-files'], { cwd: root, encoding: 'utf8' }).split('\n').filter(isCode);
  const read = (path) => ({ path, ...measure(path, readFileSync(`${root}/${path}`, 'utf8')) });
  const sources = files.filter((path) => !isTest(path)).map(read);
  const tests = files.filter(isTest).map(read);
  const lines = sources.map((file) => file.lines).sort((a, b) => a - b);
  const at = (part) => lines[Math.min(lines.length - 1, Math.floor(lines.length * part))];
  const total = (name) => sum(sources.map((file) => file[name]));

  print('source files', `${sources.length}, ${sum(lines)} lines; median ${at(0.5)}, 90th percentile ${at(0.9)}, longest ${lines.at(-1)}`);
  list(
    `files over ${longFile} lines`,
    sources.filter((file) => file.lines > longFile).map(({ path, lines: count }) => `${path} ${count}`),
  );
  const folders = [...countBy(sources, ({ path }) => dirname(path))];
  list(
    `folders with more than ${fullFolder} source files`,
    folders.filter(([, count]) => count > fullFolder).map(([path, count]) => `${path} ${count}`),
  );
  list(
    `functions over ${longFunction} lines`,
    sources.flatMap(({ path, functions }) => functions.map((text) => `${path} ${text}`)),
  );
  print('casts, non-null assertions, any', `${total('casts')}, ${total('nonNull')}, ${total('anys')}`);
  print('comment lines of source', `${((100 * total('comments')) / sum(lines)).toFixed(1)} %`);
  const rooms = new Set(sources.map(({ path }) => room(path)));
  for (const name of [...rooms].sort()) {
    const inRoom = (list) => sum(list.filter(({ path }) => room(path) === name).map((file) => file.lines));
    print(`test lines per source line, ${name}`, (inRoom(tests) / inRoom(sources)).toFixed(2));
  }
}

function measure(path, text) {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true, path.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS);
  const found = { lines: text.split('\n').length - 1, comments: 0, casts: 0, nonNull: 0, anys: 0, functions: [] };
  found.comments = text.split('\n').filter((line) => /^\s*(\/\/|\/\*|\*)/.test(line)).length;
  const visit = (node) => {
    if (ts.isAsExpression(node) && node.type.getText() !== 'const') found.casts++;
    if (ts.isNonNullExpression(node)) found.nonNull++;
    if (node.kind === ts.SyntaxKind.AnyKeyword) found.anys++;
    if (ts.isFunctionLike(node) && node.body) {
      const line = (position) => file.getLineAndCharacterOfPosition(position).line;
      const length = line(node.end) - line(node.getStart()) + 1;
      if (length > longFunction) found.functions.push(`${node.name?.getText() ?? node.parent.name?.getText() ?? 'function'} ${length}`);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

const sum = (numbers) => numbers.reduce((all, one) => all + one, 0);
function countBy(items, keyOf) {
  const counts = new Map();
  for (const item of items) counts.set(keyOf(item), (counts.get(keyOf(item)) ?? 0) + 1);
  return counts;
}
const print = (name, value) => console.log(`${name}: ${value}`);
const list = (name, entries) => print(name, `${entries.length}${entries.map((entry) => `\n  ${entry}`).join('')}`);

/** electron/clusters/login/sign-in.ts is of the room electron/clusters, renderer/features/files/… of renderer/features/files. */
function room(path) {
  const parts = dirname(path).split('/');
  return parts.slice(0, parts[1] === 'features' ? 3 : 2).join('/');
}
