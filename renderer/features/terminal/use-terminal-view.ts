import { type RefObject, useCallback, useEffect, useRef, useState } from 'react';
import type { Platform } from '../../../shared/settings/keymap.ts';
import { paneHasFocus } from '../../ui/focus/focus-targets.ts';
import type { TerminalLink } from './links/watch-links.ts';
import { makeBell } from './look/bell.ts';
import { GpuPolicy } from './look/gpu-renderer.ts';
import type { TerminalLook } from './look/terminal-look.ts';
import type { OpenTerminalStream, TerminalState } from './terminal-controller.ts';
import { TerminalView } from './terminal-view.ts';

export interface Hint {
  link: TerminalLink;
  x: number;
  y: number;
}

/** What the terminal wants from a person or shows beside its text. */
export interface TerminalPrompts {
  paste: string | null;
  link: TerminalLink | null;
  hint: Hint | null;
  menu: { x: number; y: number } | null;
  searching: boolean;
  bell: boolean;
}

const noPrompts: TerminalPrompts = { paste: null, link: null, hint: null, menu: null, searching: false, bell: false };

/** One probe of the GPU for all terminals of this window. */
const gpu = new GpuPolicy();

interface Options {
  open: OpenTerminalStream;
  look: TerminalLook;
  platform: Platform;
  /** It is drawn: it connects when it becomes so for the first time. */
  visible: boolean;
  /** Its program runs already, so it connects at once, drawn or not. */
  isRunning: boolean;
  /** It takes the keyboard when it becomes so. */
  focused: boolean;
  onState(state: TerminalState): void;
  onTitle(title: string): void;
  onCwd(cwd: string): void;
  onClipboardRefused(sentence: string): void;
}

/**
 * A terminal for as long as the component lives. It connects when it is looked at for the first time, so that restored
 * tabs wait, unless its program runs already. Callbacks may change between renders; the last ones are used.
 */
export function useTerminalView(container: RefObject<HTMLElement | null>, options: Options) {
  const latest = useRef(options);
  latest.current = options;
  const [view, setView] = useState<TerminalView | null>(null);
  const [state, setState] = useState<TerminalState>({ phase: 'idle' });
  const [prompts, setPrompts] = useState(noPrompts);
  const show = useCallback((change: Partial<TerminalPrompts>) => setPrompts((old) => ({ ...old, ...change })), []);

  useEffect(() => {
    if (!container.current) return;
    const bell = makeBell((on) => show({ bell: on }));
    const made = new TerminalView({
      open: (size, reader) => latest.current.open(size, reader),
      look: latest.current.look,
      platform: latest.current.platform,
      gpu,
      events: {
        state: (next) => {
          setState(next);
          latest.current.onState(next);
        },
        title: (title) => latest.current.onTitle(title),
        cwd: (cwd) => latest.current.onCwd(cwd),
        clipboardRefused: (sentence) => latest.current.onClipboardRefused(sentence),
        bell: bell.ring,
        link: (link) => show({ link, hint: null }),
        hover: (link, at) => show({ hint: link ? { link, ...at } : null }),
        pasteAsked: (paste) => show({ paste }),
        menu: (menu) => show({ menu }),
      },
    });
    made.mount(container.current);
    setView(made);
    return () => {
      bell.stop();
      made.dispose();
      setView(null);
      setState({ phase: 'idle' });
      setPrompts(noPrompts);
    };
  }, [container, show]);

  useEffect(() => view?.setLook(options.look), [view, options.look]);
  useEffect(() => {
    if (!view) return;
    view.setVisible(options.visible);
    if ((options.visible || options.isRunning) && view.controller.state.phase === 'idle') view.connect();
  }, [view, options.visible, options.isRunning]);
  useEffect(() => {
    if (options.focused && !paneHasFocus(container.current)) view?.focus();
  }, [view, options.focused, container]);

  return { view, state, prompts, show };
}
