export type Platform = 'darwin' | 'win32' | 'linux' | 'other';

const on = (mac: string, others: string, linux = others) => ({ darwin: mac, win32: others, linux, other: linux });
const none = on('', '');

/**
 * Every command a person can give, with its default keys in Electron's accelerator notation (empty: no key). Menus, the
 * palette, the key listener and the help list are all made from this table. No default is a plain Ctrl+letter outside
 * macOS, since those belong to the shell.
 */
export const commandTable = {
  'quick-connect': { title: 'Connect to a server…', group: 'Go', keys: on('Command+K', 'Ctrl+Shift+K') },
  palette: { title: 'Show all commands', group: 'Go', keys: on('Command+Shift+P', 'Ctrl+Shift+P') },
  clusters: { title: 'Switch cluster…', group: 'Go', keys: on('Command+E', 'Ctrl+Shift+E') },
  'clusters.add': { title: 'Add a cluster…', group: 'Go', keys: none },
  'requests.open': { title: 'Access requests', group: 'Go', keys: on('Command+Shift+A', 'Ctrl+Shift+A') },
  'requests.ask': { title: 'Request access…', group: 'Go', keys: on('Command+Shift+R', 'Ctrl+Shift+R') },
  'requests.drop': { title: 'Drop assumed access', group: 'Go', keys: none },
  connections: { title: 'Connections', group: 'Go', keys: on('Command+Shift+O', 'Ctrl+Shift+O') },
  'forward.new': { title: 'Forward a port…', group: 'Go', keys: none },
  'tab.resources': { title: 'New resources tab', group: 'Tabs', keys: on('Command+T', 'Ctrl+Shift+T') },
  'tab.shell': { title: 'New local terminal', group: 'Tabs', keys: on('Ctrl+Shift+`', 'Ctrl+Shift+`') },
  'tab.close': { title: 'Close tab', group: 'Tabs', keys: on('Command+W', 'Ctrl+Shift+W') },
  'tab.reopen': { title: 'Reopen closed tab', group: 'Tabs', keys: on('Command+Shift+T', 'Alt+Shift+T') },
  'tab.next': { title: 'Next tab', group: 'Tabs', keys: on('Ctrl+Tab', 'Ctrl+Tab') },
  'tab.previous': { title: 'Previous tab', group: 'Tabs', keys: on('Ctrl+Shift+Tab', 'Ctrl+Shift+Tab') },
  'tab.move-left': { title: 'Move tab left', group: 'Tabs', keys: on('Command+Shift+PageUp', 'Ctrl+Shift+PageUp') },
  'tab.move-right': { title: 'Move tab right', group: 'Tabs', keys: on('Command+Shift+PageDown', 'Ctrl+Shift+PageDown') },
  'tab.1': { title: 'Go to tab 1', group: 'Tabs', keys: on('Command+1', 'Ctrl+1', 'Alt+1') },
  'tab.2': { title: 'Go to tab 2', group: 'Tabs', keys: on('Command+2', 'Ctrl+2', 'Alt+2') },
  'tab.3': { title: 'Go to tab 3', group: 'Tabs', keys: on('Command+3', 'Ctrl+3', 'Alt+3') },
  'tab.4': { title: 'Go to tab 4', group: 'Tabs', keys: on('Command+4', 'Ctrl+4', 'Alt+4') },
  'tab.5': { title: 'Go to tab 5', group: 'Tabs', keys: on('Command+5', 'Ctrl+5', 'Alt+5') },
  'tab.6': { title: 'Go to tab 6', group: 'Tabs', keys: on('Command+6', 'Ctrl+6', 'Alt+6') },
  'tab.7': { title: 'Go to tab 7', group: 'Tabs', keys: on('Command+7', 'Ctrl+7', 'Alt+7') },
  'tab.8': { title: 'Go to tab 8', group: 'Tabs', keys: on('Command+8', 'Ctrl+8', 'Alt+8') },
  'tab.9': { title: 'Go to last tab', group: 'Tabs', keys: on('Command+9', 'Ctrl+9', 'Alt+9') },
  'terminal.copy': { title: 'Copy', group: 'Terminal', keys: on('Command+C', 'Ctrl+Shift+C') },
  'terminal.paste': { title: 'Paste', group: 'Terminal', keys: on('Command+V', 'Ctrl+Shift+V') },
  'terminal.search': { title: 'Find in terminal', group: 'Terminal', keys: on('Command+F', 'Ctrl+Shift+F') },
  'files.browse': { title: 'Browse files of this server', group: 'Files', keys: on('Command+Shift+B', 'Ctrl+Shift+B') },
  'files.beside': { title: 'Show files beside the terminal', group: 'Files', keys: none },
  'files.transfers': { title: 'Show transfers', group: 'Files', keys: on('Command+Shift+J', 'Ctrl+Shift+J') },
  'files.path': { title: 'Type a path', group: 'Files', keys: on('Command+L', 'Ctrl+Shift+L') },
  'files.filter': { title: 'Filter names', group: 'Files', keys: none },
  'files.hidden': { title: 'Show or hide hidden files', group: 'Files', keys: on('Command+Shift+H', 'Ctrl+Shift+H') },
  'files.refresh': { title: 'Read the folders anew', group: 'Files', keys: on('Command+R', 'Ctrl+F5') },
  'files.copy-across': { title: 'Copy to the other side', group: 'Files', keys: none },
  'files.new-folder': { title: 'New folder…', group: 'Files', keys: on('Command+Shift+N', 'Ctrl+Shift+N') },
  'zoom.in': { title: 'Zoom in', group: 'View', keys: on('Command+=', 'Ctrl+=') },
  'zoom.out': { title: 'Zoom out', group: 'View', keys: on('Command+-', 'Ctrl+-') },
  'zoom.reset': { title: 'Actual size', group: 'View', keys: on('Command+0', 'Ctrl+0') },
  settings: { title: 'Settings', group: 'App', keys: on('Command+,', 'Ctrl+,') },
  telemetry: { title: 'What Slipway sends', group: 'App', keys: none },
  diagnostics: { title: 'Diagnostics', group: 'App', keys: none },
  logs: { title: 'Open logs folder', group: 'App', keys: none },
} as const;

export type CommandId = keyof typeof commandTable;

export const commandIds = Object.keys(commandTable) as CommandId[];

export function isCommandId(text: string): text is CommandId {
  return Object.hasOwn(commandTable, text);
}
