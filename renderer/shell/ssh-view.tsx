import { type DragEvent, lazy, Suspense, useRef, useState } from 'react';
import { Panel, Group as PanelGroup, Separator } from 'react-resizable-panels';
import type { Document } from '../../shared/model/document.ts';
import TerminalDocument from '../features/terminal/terminal-document.tsx';
import { useApp } from '../state/context.tsx';
import { heldFiles } from '../state/file-drag.ts';
import type { PaneProps } from '../workbench/pane-props.ts';
import { knownFolder } from '../workbench/show-files.ts';
import { dropOnTerminal } from './drop-on-terminal.ts';
import classes from './ssh-view.module.css';

const FilesView = lazy(() => import('../features/files/files-view.tsx'));

/** A terminal on a server, and the server's files below it when they are asked for. */
export default function SshView({ document, visible, focused }: PaneProps<Extract<Document, { kind: 'ssh' }>>) {
  const app = useApp();
  const terminal = useRef<HTMLDivElement>(null);
  const [held, setHeld] = useState<string>();
  const { files, target } = document;
  const hold = (event: DragEvent) => {
    const origin = heldFiles(event.dataTransfer);
    if (origin === null) return;
    event.preventDefault();
    event.stopPropagation();
    setHeld(origin === 'remote' ? 'Type the path' : `Upload into ${knownFolder(app, document) || 'the home folder'}`);
  };
  /** As if it had been pasted, so that nothing in it is run. */
  const type = (text: string) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', text);
    const input = terminal.current?.querySelector('textarea');
    input?.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
    input?.focus();
  };
  return (
    <PanelGroup orientation="vertical" className={classes.panels}>
      <Panel id="terminal" minSize="80px">
        {/* biome-ignore lint/a11y/noStaticElementInteractions: an aim for what is dragged; the keyboard has the file view */}
        <div
          ref={terminal}
          className={classes.terminal}
          data-held={held}
          onDragOverCapture={hold}
          onDragLeave={() => setHeld(undefined)}
          onDropCapture={(event) => {
            setHeld(undefined);
            if (heldFiles(event.dataTransfer) === null) return;
            event.preventDefault();
            event.stopPropagation();
            void dropOnTerminal(app, target, knownFolder(app, document), event.dataTransfer, type);
          }}
        >
          <TerminalDocument document={document} visible={visible} focused={focused} />
        </div>
      </Panel>
      {files && (
        <>
          <Separator className={classes.separator} aria-label="Height of the files" />
          <Panel id="files" defaultSize="50%" minSize="160px">
            <section className={classes.page} aria-label="Files">
              <Suspense fallback={null}>
                <FilesView
                  target={target}
                  {...files}
                  visible={visible}
                  focused={false}
                  onChange={({ target: now, ...places }) => app.workspace.getState().update({ ...document, target: now, files: places })}
                />
              </Suspense>
            </section>
          </Panel>
        </>
      )}
    </PanelGroup>
  );
}
