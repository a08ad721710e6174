import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { bundleModules } from './bundle.mjs';

/** What a bundle loads before anything is asked of it: its own inputs and those of the chunks it imports statically. */
function loadedAtStart(outputs: Record<string, { inputs: object; imports: { path: string; kind: string }[] }>, entry: string): string[] {
  const seen = new Set<string>();
  const inputs: string[] = [];
  const visit = (path: string) => {
    const output = outputs[path];
    if (!output || seen.has(path)) return;
    seen.add(path);
    inputs.push(...Object.keys(output.inputs));
    for (const { path: next, kind } of output.imports) if (kind === 'import-statement') visit(next);
  };
  visit(entry);
  return inputs;
}

test('main loads nothing of gRPC, SSH, X.509 or protobuf before it is needed', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-bundle-'));
  try {
    const { metafile } = await bundleModules(['electron/main.ts', 'electron/session-host.ts'], folder, { metafile: true, write: false });
    const outputs = metafile!.outputs;
    const entries = Object.entries(outputs);
    for (const name of ['main', 'session-host']) {
      const entry = entries.find(([, output]) => output.entryPoint === `electron/${name}.ts`)![0];
      const inputs = loadedAtStart(outputs, entry);
      expect(inputs).toContain(`electron/${name}.ts`);
      expect(inputs.filter((path) => /node_modules\/(@grpc|ssh2|protobufjs|@peculiar|yaml)\/|proto\/gen/.test(path))).toEqual([]);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 60_000);
