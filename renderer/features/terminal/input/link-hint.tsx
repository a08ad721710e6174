import type { Platform } from '../../../../shared/settings/keymap.ts';
import { displayText } from '../../../ui/display-text.ts';
import type { Hint } from '../use-terminal-view.ts';

/** The true target of the link under the pointer. */
export function LinkHint({ hint, platform }: { hint: Hint; platform: Platform }) {
  const { target } = hint.link;
  const full = URL.canParse(target) ? new URL(target).href : target;
  const left = Math.min(hint.x, window.innerWidth - 320);
  const top = hint.y < 60 ? hint.y + 20 : hint.y - 52;
  return (
    <div className="terminal-hint" role="tooltip" style={{ left, top }}>
      <div className="terminal-hint-target">{displayText(full, 200)}</div>
      <div className="terminal-hint-keys">{platform === 'darwin' ? 'Cmd+click to open' : 'Ctrl+click to open'}</div>
    </div>
  );
}
