import type { MenuItemConstructorOptions } from 'electron';
import { expect, test, vi } from 'vitest';
import { commandTable, type Platform } from '../../../shared/settings/keymap.ts';

vi.mock('electron', () => ({ Menu: { buildFromTemplate: (template: unknown) => template }, app: { name: 'Slipway' } }));
const { appMenu } = await import('./menu.ts');

type Item = MenuItemConstructorOptions;
const menus = (platform: Platform, send = vi.fn(), developer = false) => appMenu(platform, send, developer) as unknown as Item[];
const flatten = (items: Item[]): Item[] => items.flatMap((item) => [item, ...(Array.isArray(item.submenu) ? flatten(item.submenu) : [])]);
const roles = (platform: Platform, developer = false) => flatten(menus(platform, vi.fn(), developer)).flatMap(({ role }) => role ?? []);

test.each(['darwin', 'win32', 'linux'] as const)(
  'on %s every command sends itself and shows its keys without taking them from the page',
  (platform) => {
    const send = vi.fn();
    const items = flatten(menus(platform, send)).filter(({ id }) => id);
    expect(items.length).toBeGreaterThan(15);
    for (const item of items) {
      const command = commandTable[item.id as keyof typeof commandTable];
      (item.click as () => void)();
      expect(send).toHaveBeenLastCalledWith(item.id);
      expect(item.label).toBe(command.title);
      expect(item.accelerator).toBe(command.keys[platform] || undefined);
      if (item.accelerator) expect(item.registerAccelerator).toBe(false);
    }
  },
);

test('macOS has its own application menu; elsewhere quitting stands under File', () => {
  expect(menus('darwin').map(({ label, role }) => label ?? role)).toEqual(['Slipway', 'Shell', '&Edit', '&View', '&Go', 'window', 'help']);
  expect(menus('linux').map(({ label, role }) => label ?? role)).toEqual(['&File', '&Edit', '&View', '&Go', 'window', 'help']);
  for (const platform of ['darwin', 'win32', 'linux'] as const)
    expect(roles(platform)).toEqual(expect.arrayContaining(['quit', 'about', 'copy', 'paste', 'undo', 'togglefullscreen']));
});

test('developer tools are there for developers only', () => {
  expect(roles('linux')).not.toContain('toggleDevTools');
  expect(roles('linux')).not.toContain('reload');
  expect(roles('linux', true)).toContain('toggleDevTools');
});
