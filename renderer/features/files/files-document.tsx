import type { Document } from '../../../shared/model/document.ts';
import { useApp } from '../../state/context.tsx';
import { displayText } from '../../ui/display-text.ts';
import listPage from '../../ui/list-page.module.css';
import type { PaneProps } from '../../workbench/pane-props.ts';
import FilesView from './files-view.tsx';

type FilesDocumentData = Extract<Document, { kind: 'files' }>;

/** A tab with the files of this computer beside those of a server. The folders are kept with the tab. */
export default function FilesDocument({ document, visible, focused }: PaneProps<FilesDocumentData>) {
  const { workspace } = useApp();
  const { id, kind, target, remotePath, localPath } = document;
  return (
    <section className={listPage.page} aria-label={`Files on ${displayText(target.hostname, 100)}`}>
      <FilesView
        target={target}
        remotePath={remotePath}
        localPath={localPath}
        visible={visible}
        focused={focused}
        onChange={(places) => workspace.getState().update({ id, kind, ...places })}
      />
    </section>
  );
}
