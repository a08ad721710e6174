import '@xterm/xterm/css/xterm.css';
import { FitAddon } from '@xterm/addon-fit';
import { SerializeAddon } from '@xterm/addon-serialize';
import { Unicode11Addon } from '@xterm/addon-unicode11';
import { Terminal } from '@xterm/xterm';
import type { TerminalSize } from '../../../shared/model/terminal.ts';
import type { Platform } from '../../../shared/settings/keymap.ts';
import { displayText } from '../../ui/display-text.ts';
import { gatherColourChanges } from './guards/colour-changes.ts';
import { measureOnCanvas } from './guards/glyph-widths.ts';
import { guardParser } from './guards/parser-guards.ts';
import { keyAction } from './input/key-action.ts';
import { cleanPaste, pasteNeedsConsent } from './input/paste.ts';
import { type LinkEvents, watchLinks } from './links/watch-links.ts';
import { type GpuPolicy, GpuRenderer } from './look/gpu-renderer.ts';
import { contrastOfInverse } from './look/inverse-contrast.ts';
import { canvasMeasure, lineHeight } from './look/line-height.ts';
import { type TerminalLook, terminalOptions } from './look/terminal-look.ts';
import { ReplayingSink } from './replay/replaying-sink.ts';
import { ScreenClock } from './replay/screen-clock.ts';
import { screenText } from './replay/screen-text.ts';
import { reportedFolder } from './shell-folder.ts';
import { type OpenTerminalStream, TerminalController, type TerminalState } from './terminal-controller.ts';

export interface TerminalViewEvents extends LinkEvents {
  state(state: TerminalState): void;
  /** Fit to be drawn on one line, at most 200 characters. */
  title(title: string): void;
  cwd(cwd: string): void;
  bell(): void;
  /** A paste that a person should see first; call `sendPaste` if they agree. */
  pasteAsked(text: string): void;
  menu(at: { x: number; y: number }): void;
  /** The clipboard could not be read or written: a sentence for the person. */
  clipboardRefused(sentence: string): void;
}

export interface TerminalViewOptions {
  open: OpenTerminalStream;
  look: TerminalLook;
  platform: Platform;
  gpu: GpuPolicy;
  events: Partial<TerminalViewEvents>;
}

const encoder = new TextEncoder();
const resizeQuietMs = 80;
const titleQuietMs = 100;

/** Undoes what a program that is gone had switched on and that would swallow the mouse or later input: mouse reports, focus reports, bracketed paste, synchronised output. */
const afterEnd = '\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1004l\x1b[?2004l\x1b[?2026l\x1b[?25h';
/** Leaves the alternate screen. On the normal one it would put the cursor where it was last saved, over the old text. */
const leaveAlternate = '\x1b[?1049l';
/** Before the next session: soft reset, a new line. The text stays. */
const beforeReconnect = '\x1b[!p\x1b[0m\r\n';

/** One xterm joined to a session: bytes with credits, keys, clipboard, links, size and renderer. Knows nothing of React. */
export class TerminalView {
  readonly terminal: Terminal;
  readonly controller: TerminalController;
  readonly #events: Partial<TerminalViewEvents>;
  readonly #platform: Platform;
  readonly #fit = new FitAddon();
  readonly #gpu: GpuRenderer;
  readonly #sink: ReplayingSink;
  readonly #serialize = new SerializeAddon();
  readonly #screens = new ScreenClock(() => this.#keepScreen());
  readonly #cleanUp: (() => void)[] = [];
  #look: TerminalLook;
  #container: HTMLElement | null = null;
  #visible = false;
  #resizeTimer: ReturnType<typeof setTimeout> | undefined;
  #titleTimer: ReturnType<typeof setTimeout> | undefined;
  #rawTitle = '';
  readonly #measure = canvasMeasure();
  /** Font, size and pixel ratio that the line height was last computed for. */
  #measured = '';

  constructor({ open, look, platform, gpu, events }: TerminalViewOptions) {
    this.#events = events;
    this.#platform = platform;
    this.#look = look;
    this.terminal = new Terminal({
      ...terminalOptions(look),
      allowProposedApi: true,
      logLevel: 'off',
      cursorBlink: false,
      macOptionClickForcesSelection: true,
    });
    this.#gpu = new GpuRenderer(this.terminal, gpu);
    this.#sink = new ReplayingSink(this.terminal, {
      parsed: (bytes) => this.#screens.parsed(bytes),
      replayed: () => this.#replayed(),
    });
    this.controller = new TerminalController({
      sink: this.#sink,
      open,
      started: () => this.#sink.restart(),
      replay: (replay) => this.#sink.replay(replay),
      changed: (state) => this.#stateChanged(state),
      title: (title) => this.#setTitle(title),
      cwd: (cwd) => events.cwd?.(cwd),
    });
    this.terminal.loadAddon(this.#fit);
    this.terminal.loadAddon(this.#serialize);
    this.terminal.loadAddon(new Unicode11Addon());
    this.terminal.unicode.activeVersion = '11';
    watchLinks(this.terminal, platform, events);
    guardParser(this.terminal);
    this.terminal.parser.registerOscHandler(7, (data) => {
      const folder = reportedFolder(data);
      if (folder !== null) events.cwd?.(folder);
      return true;
    });
    this.terminal.onData((text) => this.controller.input(text));
    this.terminal.onBinary((text) => this.controller.binary(text));
    this.terminal.onBell(() => !this.#sink.isReplaying && events.bell?.());
    this.terminal.onTitleChange((title) => this.#setTitle(title));
    this.terminal.attachCustomKeyEventHandler((event) => this.#key(event));
  }

  /** Puts the terminal into `container` and follows its size. Once per view. */
  mount(container: HTMLElement): void {
    this.#container = container;
    this.terminal.open(container);
    measureOnCanvas(this.terminal);
    gatherColourChanges(this.terminal);
    contrastOfInverse(this.terminal);
    this.#listen(container);
    const observer = new ResizeObserver(() => this.#resizeSoon());
    observer.observe(container);
    this.#cleanUp.push(() => observer.disconnect());
    const rescaled = () => this.#resizeSoon(); // also when the window moves to a screen of another pixel ratio
    window.addEventListener('resize', rescaled);
    this.#cleanUp.push(() => window.removeEventListener('resize', rescaled));
  }

  /** A hidden terminal keeps its size and session, and gives its GPU context away. */
  setVisible(visible: boolean): void {
    this.#visible = visible;
    this.controller.setVisible(visible);
    if (visible) this.fit();
    void this.#gpu.want(visible, this.#look.renderer);
  }

  setLook(look: TerminalLook): void {
    const { theme, ...rest } = terminalOptions(look);
    // While the theme stays the same, a search may have its own colours in it.
    if (this.#look.theme !== look.theme) this.terminal.options.theme = theme;
    this.#look = look;
    this.terminal.options = rest;
    this.fit();
    void this.#gpu.want(this.#visible, look.renderer);
  }

  get usesGpu(): boolean {
    return this.#gpu.active;
  }

  /** Opens the session at the present size; after an end, below the old text. */
  connect(): void {
    const again = this.controller.state.phase === 'ended';
    this.fit();
    if (again) this.terminal.write((this.terminal.buffer.active.type === 'alternate' ? leaveAlternate : '') + beforeReconnect);
    this.controller.connect(this.#size());
  }

  /** Takes the container's size if it has one. */
  fit(): void {
    clearTimeout(this.#resizeTimer);
    // A replay has the sizes that its output was written for.
    if (this.#sink.isReplaying) return;
    if (!this.#visible || !this.#container?.clientWidth || !this.#container.clientHeight) return;
    this.#fitLineHeight();
    const size = this.#fit.proposeDimensions();
    if (!size || !Number.isFinite(size.cols) || !Number.isFinite(size.rows)) return;
    const cols = Math.min(4096, Math.max(2, size.cols));
    const rows = Math.min(4096, Math.max(1, size.rows));
    if (cols !== this.terminal.cols || rows !== this.terminal.rows) this.terminal.resize(cols, rows);
    this.controller.resize(this.#size());
  }

  focus(): void {
    this.terminal.focus();
  }

  /** A paste by any way: cleaned, and asked about when the shell would run its lines one by one. */
  paste(text: string): void {
    const clean = cleanPaste(text);
    if (clean === '' || this.controller.state.phase !== 'live') return;
    if (this.#events.pasteAsked && pasteNeedsConsent(clean, this.terminal.modes.bracketedPasteMode)) this.#events.pasteAsked(clean);
    else this.sendPaste(clean);
  }

  /** Sends what `pasteAsked` had asked about. */
  sendPaste(text: string): void {
    this.terminal.paste(text);
    this.focus();
  }

  async pasteFromClipboard(): Promise<void> {
    try {
      this.paste(await navigator.clipboard.readText());
    } catch {
      const keys = this.#platform === 'darwin' ? 'Cmd+V' : 'Ctrl+Shift+V';
      this.#events.clipboardRefused?.(`The clipboard may not be read this way here. Press ${keys} to paste.`);
    }
  }

  /** Copies the selection; false when there is none. */
  copy(): boolean {
    const text = this.terminal.getSelection();
    if (text === '') return false;
    navigator.clipboard
      .writeText(text)
      .catch(() => this.#events.clipboardRefused?.('The clipboard could not be written. Select the text again and copy it with the Edit menu.'));
    return true;
  }

  dispose(): void {
    clearTimeout(this.#resizeTimer);
    clearTimeout(this.#titleTimer);
    for (const undo of this.#cleanUp) undo();
    this.#screens.stop();
    this.controller.dispose();
    this.#gpu.release();
    this.terminal.dispose();
  }

  #size(): TerminalSize {
    return { cols: this.terminal.cols, rows: this.terminal.rows };
  }

  #fitLineHeight(): void {
    const { fontFamily, fontSize } = this.#look;
    const ratio = window.devicePixelRatio;
    const measured = `${fontSize} ${ratio} ${fontFamily}`;
    if (!this.#measure || measured === this.#measured) return;
    this.#measured = measured;
    this.terminal.options.lineHeight = lineHeight(fontFamily, fontSize, ratio, this.#measure);
  }

  #resizeSoon(): void {
    clearTimeout(this.#resizeTimer);
    this.#resizeTimer = setTimeout(() => this.fit(), resizeQuietMs);
  }

  #stateChanged(state: TerminalState): void {
    if (state.phase === 'ended') {
      this.#screens.stop();
      this.#sink.write(encoder.encode(afterEnd), () => {});
    }
    this.#events.state?.(state);
  }

  #replayed(): void {
    this.controller.replayed();
    this.fit();
  }

  #keepScreen(): void {
    const text = screenText(this.terminal, this.#serialize);
    if (text !== null) this.controller.keepScreen({ at: this.#sink.position, size: this.#size(), text });
  }

  /** At most ten titles a second reach the window, the last one always. */
  #setTitle(title: string): void {
    this.#rawTitle = title;
    this.#titleTimer ??= setTimeout(() => {
      this.#titleTimer = undefined;
      this.#events.title?.(displayText(this.#rawTitle, 200));
    }, titleQuietMs);
  }

  #key(event: KeyboardEvent): boolean {
    if (event.type === 'keydown' && this.controller.state.phase === 'ended' && event.key === 'Enter') {
      event.preventDefault();
      this.connect();
      return false;
    }
    const action = keyAction(event, this.#platform);
    if (action.kind === 'terminal') return true;
    if (action.kind === 'native') return false;
    event.preventDefault();
    if (event.type !== 'keydown') return false;
    event.stopPropagation();
    if (action.kind === 'copy') this.copy();
    else this.terminal.input(action.text, true);
    return false;
  }

  #listen(container: HTMLElement): void {
    const on = <K extends keyof HTMLElementEventMap>(type: K, listener: (event: HTMLElementEventMap[K]) => void) => {
      container.addEventListener(type, listener, true);
      this.#cleanUp.push(() => container.removeEventListener(type, listener, true));
    };
    on('paste', (event) => {
      event.preventDefault();
      event.stopPropagation();
      this.paste(event.clipboardData?.getData('text/plain') ?? '');
    });
    on('mousedown', (event) => {
      if (!this.#look.copyOnSelect || event.button !== 0) return;
      // after xterm's own listener, which ends the selection; the button may be let go anywhere
      document.addEventListener('mouseup', () => setTimeout(() => this.copy()), { once: true, capture: true });
    });
    on('contextmenu', (event) => this.#contextMenu(event));
  }

  #contextMenu(event: MouseEvent): void {
    event.preventDefault();
    const mode = this.#look.rightClick;
    const programHasMouse = this.terminal.modes.mouseTrackingMode !== 'none' && !event.shiftKey;
    if (mode === 'menu' && !programHasMouse) {
      // after xterm's own listener, which selects the word
      setTimeout(() => this.#events.menu?.({ x: event.clientX, y: event.clientY }));
      return;
    }
    event.stopPropagation();
    if (programHasMouse) return;
    if (mode === 'copy-paste' && this.copy()) this.terminal.clearSelection();
    else void this.pasteFromClipboard();
  }
}
