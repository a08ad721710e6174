import type { Document } from '../../../shared/model/document.ts';

/** Files of this computer beside those of a server. */
export default function FilesDocument({ document }: { document: Extract<Document, { kind: 'files' }>; active: boolean }) {
  return <section aria-label={`Files on ${document.target.hostname}`} />;
}
