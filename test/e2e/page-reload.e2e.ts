import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type App, type HostName, hosts, launch, newHome } from './app.ts';
import { answerConsent, terminalText, typeInTerminal } from './person.ts';

for (const host of Object.keys(hosts) as HostName[]) {
  describe.skipIf(!hosts[host] || process.platform === 'win32')(`a page that is loaded anew in the ${host} host`, () => {
    let app: App;
    beforeAll(async () => {
      const home = newHome();
      // The question whether to leave has tests of its own.
      writeFileSync(join(home, 'settings.json'), JSON.stringify({ terminal: { confirmClose: false } }));
      app = await launch(host, { home });
      await answerConsent(app.page, 'Decline');
    });
    afterAll(() => app?.kill());

    test('has its terminals as they were, with screen and scrollback, the hidden ones too', async () => {
      const { page } = app;
      const shows = (text: string | RegExp) => expect.poll(() => terminalText(page), { timeout: 20_000 }).toMatch(text);
      await page.getByRole('button', { name: 'Open a local terminal' }).first().click();
      await typeInTerminal(page, 'kept=first; seq 300\n');
      await shows('\n300\n');
      await page.keyboard.press('Control+Shift+Backquote');
      await typeInTerminal(page, 'kept=second\n');
      await page.reload();
      await typeInTerminal(page, 'echo "$kept-$((40+2))"\n');
      await shows('\nsecond-42\n');
      await page.getByRole('tab').first().click();
      await shows('\n300\n');
      await page.locator('.xterm:visible textarea').focus();
      await page.keyboard.press('Shift+PageUp');
      await expect.poll(() => terminalText(page)).not.toContain('300');
      await shows(/\n2\d\d\n/);
      await page.keyboard.type('echo "$kept-$((40+2))"\n');
      await shows('\nfirst-42\n');
    });
  });
}
