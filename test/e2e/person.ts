import type { Page } from 'playwright-core';
import { expect } from 'vitest';

/** The line of JSON that the embedded cluster prints. */
export interface ClusterFacts {
  address: string;
  name: string;
  fingerprint: string;
  users: { name: string; password: string; logins: string[] }[];
  control: string;
  collector: string;
}

/** What a person does, found by what a person sees: roles, labels and text only. */
export async function answerConsent(page: Page, answer: 'Allow' | 'Decline'): Promise<void> {
  await page.getByRole('dialog').getByRole('button', { name: answer, exact: true }).click();
  // The question about the person's work follows in the same visit.
  if (answer === 'Allow') await page.getByRole('dialog').getByRole('button', { name: 'Skip', exact: true }).last().click();
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
}

/** Adds the cluster and trusts its self-signed certificate, after comparing the fingerprint. Ends at the login form. */
export async function addCluster(page: Page, facts: ClusterFacts): Promise<void> {
  await page
    .getByRole('button', { name: /add (a )?cluster/i })
    .first()
    .click();
  await page.getByLabel('Address').fill(facts.address);
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByText(facts.fingerprint).waitFor();
  // What the certificate says of itself is read in this runtime too.
  await page.locator('dt:text-is("Issued to") + dd:has-text("CN=")').waitFor();
  expect(await page.getByText('not stated').count()).toBe(0);
  await page.getByLabel(/compared the fingerprint/).check();
  await page.getByRole('button', { name: 'Trust this certificate' }).click();
}

/** A code that this user has not used yet: a cluster takes each only once. The cluster itself says it, since an authenticator app shows a new one only every 30 s. */
async function nextCode(facts: ClusterFacts, name: string): Promise<string> {
  const answer = await fetch(`${facts.control}/totp/${encodeURIComponent(name)}`);
  return (await answer.text()).trim();
}

/** From the login form to the resources of the cluster. */
export async function logIn(page: Page, facts: ClusterFacts, name: string): Promise<void> {
  const user = facts.users.find((candidate) => candidate.name === name)!;
  const username = page.getByLabel('Username');
  await username.waitFor();
  if ((await username.inputValue()) !== name) await username.fill(name);
  await page.getByLabel('Password', { exact: true }).fill(user.password);
  await page
    .getByRole('button', { name: /continue|log in|next/i })
    .last()
    .click();
  await page.getByLabel('Authentication code').fill(await nextCode(facts, name));
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
}

/** A person's first visit: usage events declined, the cluster added, logged in. */
export async function settleIn(page: Page, facts: ClusterFacts, name = 'alice'): Promise<void> {
  await answerConsent(page, 'Decline');
  await addCluster(page, facts);
  await logIn(page, facts, name);
}

/** Searches a server on the resources page and opens it with a login. */
export async function openServer(page: Page, hostname: string, login: string): Promise<void> {
  const search = page
    .getByRole('textbox', { name: /search/i })
    .or(page.getByRole('searchbox'))
    .first();
  await search.fill(hostname);
  const connect = page.getByRole('button', { name: `Connect to ${hostname}` }).first();
  await connect.waitFor();
  await connect.click();
  const choice = page.getByRole('menuitem', { name: login, exact: true });
  const terminal = page.locator('.xterm').last();
  await choice.or(terminal).first().waitFor();
  if (await choice.isVisible()) await choice.click();
}

/** Types once the shell has shown its prompt. */
export async function typeInTerminal(page: Page, text: string): Promise<void> {
  await expect.poll(() => terminalText(page), { timeout: 20_000 }).toMatch(/[$#%>]\s*$/);
  await page.locator('.xterm:visible textarea').focus();
  await page.keyboard.type(text.replace(/\n$/, ''));
  if (text.endsWith('\n')) await page.keyboard.press('Enter');
}

/** What the visible terminal shows, a line per row, trailing blanks cut. */
export async function terminalText(page: Page): Promise<string> {
  const rows = await page.locator('.xterm:visible .xterm-rows > div').allTextContents();
  return rows
    .map((row) => row.replaceAll('\u00a0', ' ').trimEnd())
    .join('\n')
    .trimEnd();
}
