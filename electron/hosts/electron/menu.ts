import { app, Menu, type MenuItemConstructorOptions } from 'electron';
import { type CommandId, commandIds, commandTable, type Platform } from '../../../shared/settings/keymap.ts';

type Item = MenuItemConstructorOptions;

const separator: Item = { type: 'separator' };
const quit: Item = { role: 'quit' };

/** The app's menu in the manner of the platform. Commands go to the page, which also listens to their keys: the menu only shows them. */
export function appMenu(platform: Platform, send: (command: CommandId) => void, developer: boolean): Menu {
  const isMac = platform === 'darwin';
  const command = (id: CommandId): Item => {
    const keys = commandTable[id].keys[platform];
    return { id, label: commandTable[id].title, click: () => send(id), ...(keys ? { accelerator: keys, registerAccelerator: false } : {}) };
  };
  const group = (name: string) => commandIds.filter((id) => commandTable[id].group === name).map(command);
  const settings = command('settings');
  const forDevelopers: Item[] = developer ? [separator, { role: 'reload' }, { role: 'toggleDevTools' }] : [];
  const front: Item[] = isMac ? [separator, { role: 'front' }] : [];
  const about: Item[] = isMac ? [] : [separator, { role: 'about' }];

  const file: Item = {
    label: isMac ? 'Shell' : '&File',
    submenu: [
      command('tab.resources'),
      command('tab.shell'),
      command('clusters.add'),
      separator,
      command('tab.reopen'),
      command('tab.close'),
      ...(isMac ? [] : [separator, settings, separator, quit]),
    ],
  };
  // The roles work on the page's text fields; in a terminal, the page's own keys copy and paste.
  const edit: Item = {
    label: '&Edit',
    submenu: [
      { role: 'undo' },
      { role: 'redo' },
      separator,
      { role: 'cut' },
      { role: 'copy' },
      { role: 'paste' },
      { role: 'selectAll' },
      separator,
      command('terminal.search'),
    ],
  };
  const view: Item = {
    label: '&View',
    submenu: [...group('View'), separator, { role: 'togglefullscreen' }, ...forDevelopers],
  };
  const go: Item = {
    label: '&Go',
    submenu: [
      ...group('Go').filter(({ id }) => id !== 'clusters.add'),
      separator,
      ...group('Tabs').filter(({ id }) => /next|previous|move/.test(id ?? '')),
    ],
  };
  const window: Item = {
    role: 'window',
    submenu: [{ role: 'minimize' }, { role: 'zoom' }, ...front],
  };
  const help: Item = {
    role: 'help',
    submenu: [command('diagnostics'), command('logs'), command('telemetry'), ...about],
  };
  return Menu.buildFromTemplate([...(isMac ? [macAppMenu(settings)] : []), file, edit, view, go, window, help]);
}

function macAppMenu(settings: Item): Item {
  return {
    label: app.name,
    submenu: [
      { role: 'about' },
      separator,
      settings,
      separator,
      { role: 'services' },
      separator,
      { role: 'hide' },
      { role: 'hideOthers' },
      { role: 'unhide' },
      separator,
      quit,
    ],
  };
}
