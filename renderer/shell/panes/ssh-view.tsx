import { type DragEvent, useRef, useState } from 'react';
import type { Document } from '../../../shared/model/document.ts';
import TerminalDocument from '../../features/terminal/terminal-document.tsx';
import { useApp } from '../../state/context.tsx';
import { heldFiles } from '../../state/file-drag.ts';
import type { PaneProps } from '../../workbench/pane-props.ts';
import { knownFolder } from '../../workbench/show-files.ts';
import { dropOnTerminal } from './drop-on-terminal.ts';
import classes from './ssh-view.module.css';

/** A terminal on a server. Files that are let go over it are uploaded, or typed as paths. */
export default function SshView(props: PaneProps<Extract<Document, { kind: 'ssh' }>>) {
  const app = useApp();
  const terminal = useRef<HTMLDivElement>(null);
  const [held, setHeld] = useState<string>();
  const { document } = props;
  const hold = (event: DragEvent) => {
    const origin = heldFiles(event.dataTransfer);
    if (origin === null) return;
    event.preventDefault();
    event.stopPropagation();
    setHeld(origin === 'remote' ? 'Type the path' : `Upload into ${knownFolder(app, document) || 'the home folder'}`);
  };
  /** Pasted rather than typed, so that the shell runs nothing of it. */
  const type = (text: string) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', text);
    const input = terminal.current?.querySelector('textarea');
    input?.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
    input?.focus();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: an aim for what is dragged; the keyboard has the file view
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
        void dropOnTerminal(app, document.target, knownFolder(app, document), event.dataTransfer, type);
      }}
    >
      <TerminalDocument {...props} />
    </div>
  );
}
