import { join } from 'node:path';
import { BrowserWindow, nativeTheme, screen } from 'electron';
import type { JsonFile } from '../../lib/json-file.ts';
import { fitBounds, minimumSize, type WindowState } from '../../settings/window-state.ts';

export interface MainWindowOptions {
  file: JsonFile<WindowState>;
  /** Folder of the built app. */
  bundles: string;
  pageUrl: string;
  /** Called each time that place and size are written. */
  onSaving(saving: Promise<unknown>): void;
}

/** While a window is dragged, its place changes many times a second; it is written once it rests. */
const quietMs = 500;
/** A window whose page paints nothing is shown all the same, so that the person sees that the app runs. */
const paintTimeoutMs = 5000;

/**
 * The app's window. It opens where it was last, in its last colour, and is shown with its first frame; place and colour are kept in
 * a file.
 */
export class MainWindow {
  readonly window: BrowserWindow;
  readonly #file: JsonFile<WindowState>;
  readonly #onSaving: MainWindowOptions['onSaving'];
  #state: WindowState;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor({ file, bundles, pageUrl, onSaving }: MainWindowOptions) {
    this.#file = file;
    this.#onSaving = onSaving;
    this.#state = file.read().value;
    nativeTheme.themeSource = this.#state.theme;
    const { workArea } = screen.getPrimaryDisplay();
    const others = screen.getAllDisplays().map((display) => display.workArea);
    this.window = new BrowserWindow({
      ...fitBounds(this.#state.bounds, [workArea, ...others]),
      minWidth: minimumSize.width,
      minHeight: minimumSize.height,
      title: 'Slipway',
      backgroundColor: background(),
      show: false,
      // On Windows and macOS the program file has the icon.
      ...(process.platform === 'linux' ? { icon: join(bundles, 'icon.png') } : {}),
      autoHideMenuBar: true,
      webPreferences: {
        preload: join(bundles, 'preload.cjs'),
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        webviewTag: false,
        spellcheck: false,
        safeDialogs: true,
        navigateOnDragDrop: false,
        zoomFactor: this.#state.zoom,
      },
    });
    // Chromium does not know the policy's `webrtc 'block'` yet. Without UDP, WebRTC takes the session's proxy, which leads nowhere.
    this.window.webContents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp');
    this.#showWhenPainted();
    this.#remember();
    // `did-fail-load` reports a page that cannot be loaded.
    this.window.loadURL(pageUrl).catch(() => {});
  }

  /** Takes theme and zoom as they were set, and keeps them for the next start. */
  apply(look: Pick<WindowState, 'theme' | 'zoom'>): void {
    nativeTheme.themeSource = look.theme;
    if (this.window.isDestroyed()) return;
    this.window.setBackgroundColor(background());
    this.window.webContents.setZoomFactor(look.zoom);
    if (look.theme === this.#state.theme && look.zoom === this.#state.zoom) return;
    this.#state = { ...this.#state, theme: look.theme, zoom: look.zoom };
    this.#save();
  }

  focus(): void {
    if (this.window.isMinimized()) this.window.restore();
    this.window.show();
    this.window.focus();
  }

  #showWhenPainted(): void {
    const show = () => {
      clearTimeout(late);
      if (this.window.isDestroyed() || this.window.isVisible()) return;
      if (this.#state.maximized) this.window.maximize();
      if (this.#state.fullScreen) this.window.setFullScreen(true);
      this.window.show();
    };
    const late = setTimeout(show, paintTimeoutMs);
    this.window.once('ready-to-show', show);
    this.window.once('closed', () => clearTimeout(late));
  }

  #remember(): void {
    const { window } = this;
    const changed = () => {
      if (!window.isVisible() || window.isMinimized()) return;
      this.#state = { ...this.#state, bounds: window.getNormalBounds(), maximized: window.isMaximized(), fullScreen: window.isFullScreen() };
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#save(), quietMs);
    };
    window.on('resize', changed).on('move', changed).on('maximize', changed).on('unmaximize', changed);
    window.on('enter-full-screen', changed).on('leave-full-screen', changed);
    // A page that closes its own window does so without a `close` event.
    window.on('closed', () => {
      if (this.#timer) this.#save();
    });
  }

  #save(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    // When this fails, the window opens in the middle next time, which needs no message.
    this.#onSaving(this.#file.write(this.#state));
  }
}

/** The page's own background (renderer/index.html), so that an empty window does not flash. */
const background = () => (nativeTheme.shouldUseDarkColors ? '#17191d' : '#ffffff');
