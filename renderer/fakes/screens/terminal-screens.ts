import type { ErrorCode } from '../../../shared/errors/app-error.ts';
import type { Document } from '../../../shared/model/document.ts';
import type { TerminalDown } from '../../../shared/model/terminal.ts';
import type { FakeWorld } from '../fake-app.ts';
import { until } from '../page-acts.ts';
import { sampleCluster } from '../samples.ts';
import type { Screen } from '../screen.ts';

const cluster = sampleCluster();
const ssh: Document = {
  id: 'ssh',
  kind: 'ssh',
  origin: 'resource_table',
  target: { cluster: cluster.key, leaf: '', node: '3c1f0d5e-6c2b-4f0e-9a53-0a4c7a2f9e11', hostname: 'api-1', login: 'ada' },
};
const shell: Document = { id: 'shell', kind: 'shell', cwd: '' };

const colours = Array.from({ length: 16 }, (_, at) => `\x1b[${at < 8 ? 30 + at : 82 + at}m colour ${at} \x1b[0m${at === 7 ? '\r\n' : ''}`).join('');
const output = [
  '\x1b[1;32mada@api-1\x1b[0m:\x1b[1;34m~\x1b[0m$ ls',
  '\x1b[34mbin\x1b[0m  \x1b[32mrun.sh\x1b[0m  \x1b[31mbackup.tar.gz\x1b[0m  \x1b[36mlatest\x1b[0m  notes.md',
  colours,
  '\x1b[38;2;255;120;0mtrue colour\x1b[0m  漢字 かな  👍 🚀  ─┬┐  ✓',
  'https://docs.example.com/start',
  '$ ',
].join('\r\n');

/** A tab on a session that sends the messages, and the output before the one that ends it. */
function session(messages: readonly TerminalDown[], document = ssh): FakeWorld {
  return {
    clusters: [cluster],
    workspace: { documents: [document], active: document.id },
    terminal: (_params, stream) => {
      let shown = false;
      stream.onCredit(() => {
        if (!shown && messages.includes(ready)) stream.write(new TextEncoder().encode(output));
        shown = true;
      });
      for (const message of messages) if (message.type !== 'exit' || messages.length === 1) stream.send(message);
      const end = messages.at(-1);
      if (messages.length > 1 && end?.type === 'exit') setTimeout(() => stream.send(end), 300);
    },
  };
}

const ready: TerminalDown = { type: 'ready', title: 'ada@api-1' };
const exit = (code: number): TerminalDown => ({ type: 'exit', code, signal: null, error: null });
const failure = (code: ErrorCode, message: string): TerminalDown => ({ type: 'exit', code: null, signal: null, error: { code, message } });
const live = session([ready]);

const screenOf = () =>
  until(() =>
    document.querySelector('.xterm-rows')?.textContent?.includes('docs.example.com') ? document.querySelector<HTMLElement>('.xterm-screen') : null,
  );

const ended = () => until(() => document.querySelector('.terminal-ended'));

async function paste(text: string): Promise<void> {
  const screen = await screenOf();
  const clipboardData = new DataTransfer();
  clipboardData.setData('text/plain', text);
  screen.parentElement?.querySelector('textarea')?.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
}

/** The mouse over the link in the output, and a click with Ctrl where asked for. */
async function overLink(click: boolean): Promise<void> {
  const screen = await screenOf();
  const row = [...screen.querySelectorAll('.xterm-rows > div')].find((line) => line.textContent?.startsWith('https://docs'));
  if (!row) throw new Error('the output has no link');
  const { top, left, height } = row.getBoundingClientRect();
  const send = (type: string) =>
    screen.dispatchEvent(new MouseEvent(type, { clientX: left + 40, clientY: top + height / 2, ctrlKey: click, bubbles: true, cancelable: true }));
  send('mousemove');
  await until(() => document.querySelector('.terminal-hint'));
  if (click) for (const type of ['mousedown', 'mouseup', 'click']) send(type);
}

/** Every state of a terminal's tab, and of Settings under an administrator. */
export const terminalScreens: Record<string, Screen> = {
  terminal: { world: live },
  'terminal-local': { world: session([ready], shell) },
  'terminal-connecting': { world: session([{ type: 'progress', step: 'authenticating' }]) },
  'terminal-denied': {
    world: session([
      failure(
        'access-denied',
        'Your roles do not let you log in to api-1 as ada. Pick another login, or ask an administrator for a role that has it.',
      ),
    ]),
  },
  'terminal-offline': {
    world: session([failure('node-offline', 'api-1 has no connection to the cluster. Wait for it to come back, then try again.')]),
  },
  'terminal-host-key': {
    world: session([
      failure(
        'host-key',
        'The certificate of api-1 was not signed by this cluster. Nothing was sent to it. Tell an administrator before you try again.',
      ),
    ]),
  },
  'terminal-expired': {
    world: session([failure('expired', 'Your certificate for teleport.example.com has run out.')]),
    act: async ({ app }) => (await until(() => app.dialogs.getState().queue[0])).answer(null),
  },
  'terminal-ended': { world: session([ready, exit(0)]), act: ended },
  'terminal-ended-with-code': { world: session([ready, exit(130)]), act: ended },
  'terminal-lost': { world: session([ready, failure('closed', 'The connection to the server was lost.')]), act: ended },
  'terminal-search': {
    world: live,
    act: async ({ commands }) => {
      await screenOf();
      commands.run('terminal.search');
    },
  },
  'terminal-menu': {
    world: live,
    act: async () =>
      (await screenOf()).dispatchEvent(new MouseEvent('contextmenu', { clientX: 300, clientY: 260, bubbles: true, cancelable: true, button: 2 })),
  },
  'terminal-paste': { world: live, act: () => paste('cd /srv\nsudo systemctl restart api\n') },
  'terminal-link': { world: live, act: () => overLink(false) },
  'terminal-link-asked': { world: live, act: () => overLink(true) },
  'settings-managed': {
    world: { clusters: [cluster], workspace: { documents: [{ id: 'settings', kind: 'settings' }], active: 'settings' } },
    act: ({ topics }) => topics.settings.set({ ...topics.settings.get(), managed: ['theme', 'terminal.scrollback', 'profiles.useTshHome'] }),
  },
};
