import { isJsonObject, type JsonObject } from '../lib/json-file.ts';

/**
 * Brings the content of a state file of version 1 into the form of version 2. There, a tab was one document, and a terminal had the folders
 * of the files below it in a field `files`. What does not look like that is handed on as it is: the reader leaves it out and says so.
 */
export function migrateWorkspace(content: JsonObject): JsonObject {
  const { workspace } = content;
  if (!isJsonObject(workspace) || 'tabs' in workspace || !Array.isArray(workspace.documents)) return content;
  const { documents, active } = workspace;
  return { ...content, workspace: { tabs: documents.map(tabOf), active } };
}

function tabOf(document: unknown): unknown {
  if (!isJsonObject(document)) return document;
  const { files, ...rest } = document;
  const { kind, id, target } = rest;
  if (kind !== 'ssh' || !isJsonObject(files)) return { id, root: { kind: 'leaf', document }, focus: id };
  const below = { ...files, kind: 'files', id: `${String(id).slice(0, 90)}-files`, target };
  return {
    id,
    focus: id,
    root: {
      kind: 'split',
      direction: 'down',
      sizes: [1, 1],
      panes: [
        { kind: 'leaf', document: rest },
        { kind: 'leaf', document: below },
      ],
    },
  };
}
