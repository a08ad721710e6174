import type { Platform } from '../../../shared/settings/keymap.ts';
import { displayText } from '../../ui/display-text.ts';
import type { Hint } from './use-terminal-view.ts';

/** The true target of the link under the pointer. */
export function LinkHint({ hint, zoom, platform }: { hint: Hint; zoom: number; platform: Platform }) {
  const { target } = hint.link;
  const full = URL.canParse(target) ? new URL(target).href : target;
  const left = Math.min(hint.x / zoom, window.innerWidth / zoom - 320);
  const top = hint.y < 60 ? hint.y / zoom + 20 : hint.y / zoom - 52;
  return (
    <div className="terminal-hint" role="tooltip" style={{ left, top }}>
      <div className="terminal-hint-target">{displayText(full, 200)}</div>
      <div className="terminal-hint-keys">{platform === 'darwin' ? 'Cmd+click to open' : 'Ctrl+click to open'}</div>
    </div>
  );
}
