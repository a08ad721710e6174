import { useMemo } from 'react';
import { useApp } from '../../state/context.tsx';
import { openLink } from '../../workbench/open-link.ts';
import { LinkDialog } from './input/link-dialog.tsx';
import { LinkHint } from './input/link-hint.tsx';
import { decideLink } from './input/link-policy.ts';
import { PasteDialog } from './input/paste-dialog.tsx';
import { KnownHosts } from './known-hosts.ts';
import { TerminalMenu } from './terminal-menu.tsx';
import type { TerminalView } from './terminal-view.ts';
import type { TerminalPrompts } from './use-terminal-view.ts';

interface Props {
  view: TerminalView;
  prompts: TerminalPrompts;
  show(change: Partial<TerminalPrompts>): void;
  isLive: boolean;
  /** Undefined where there are no files to browse. */
  onFiles: (() => void) | undefined;
}

/** What a terminal asks a person, and its menu: over its text, one at a time. */
export function TerminalPromptsView({ view, prompts, show, isLive, onFiles }: Props) {
  const app = useApp();
  const { platform } = app.info;
  const knownHosts = useMemo(() => new KnownHosts(localStorage), []);
  const follow = (url: string) => {
    void openLink(app, url);
    show({ link: null });
  };
  const { hint, menu, paste, link } = prompts;
  const decision = link && decideLink(link.target, link.shown, (host) => knownHosts.has(host));
  if (decision?.kind === 'open') queueMicrotask(() => follow(decision.url));
  return (
    <>
      {hint && <LinkHint hint={hint} platform={platform} />}
      {menu && (
        <TerminalMenu
          at={menu}
          platform={platform}
          canCopy={view.terminal.hasSelection()}
          canPaste={isLive}
          onCopy={() => view.copy()}
          onPaste={() => void view.pasteFromClipboard()}
          onSearch={() => show({ searching: true })}
          onSelectAll={() => view.terminal.selectAll()}
          onClear={() => view.terminal.clear()}
          onFiles={onFiles}
          onClose={() => show({ menu: null })}
        />
      )}
      {paste !== null && (
        <PasteDialog
          text={paste}
          onPaste={() => {
            view.sendPaste(paste);
            show({ paste: null });
          }}
          onCancel={() => show({ paste: null })}
        />
      )}
      {link && decision && decision.kind !== 'open' && (
        <LinkDialog
          decision={decision}
          target={link.target}
          onOpen={() => {
            if (decision.kind !== 'ask') return;
            knownHosts.add(decision.host);
            follow(decision.url);
          }}
          onCopy={() => {
            void navigator.clipboard.writeText(decision.kind === 'ask' ? decision.url : link.target);
            show({ link: null });
          }}
          onCancel={() => show({ link: null })}
        />
      )}
    </>
  );
}
