import { Connecting } from './connecting.tsx';
import { EndedBar } from './ended-bar.tsx';
import { Failed } from './failed.tsx';
import { StalledBar } from './stalled-bar.tsx';
import type { TerminalState } from './terminal-controller.ts';

interface Props {
  state: TerminalState;
  target: string;
  isLocal: boolean;
  /** The terminal has text that stays readable: its end is shown below the text, not in its place. */
  hasText: boolean;
  onCancel(): void;
  onReconnect(): void;
  onLogin(): void;
  /** Shows the local connection that the program runs on; undefined where there is none. */
  onConnection: (() => void) | undefined;
  onClose(): void;
}

/** Shows where a terminal stands that is not simply usable: it connects, its server does not answer, or its session is over. */
export function TerminalStatus({ state, target, isLocal, hasText, ...on }: Props) {
  switch (state.phase) {
    case 'idle':
      return null;
    case 'connecting':
      return <Connecting step={state.step} target={target} local={isLocal} onCancel={on.onCancel} />;
    case 'live':
      return state.stalled ? <StalledBar /> : null;
    case 'ended':
      if (!hasText) return <Failed ended={state} target={target} onRetry={on.onReconnect} onLogin={on.onLogin} onClose={on.onClose} />;
      return <EndedBar ended={state} onReconnect={on.onReconnect} onConnection={on.onConnection} onClose={on.onClose} />;
  }
}
