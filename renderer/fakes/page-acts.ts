const timeoutMs = 5000;
const stepMs = 20;

/** Waits until `find` finds something. */
export async function until<T>(find: () => T | null | undefined | false): Promise<T> {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const found = find();
    if (found) return found;
    if (Date.now() > end) throw new Error('what the screen waits for did not appear');
    await new Promise((resolve) => setTimeout(resolve, stepMs));
  }
}

/** The first button, menu item or row whose name starts with the text, in the dialog if there is one. */
export async function press(name: string): Promise<void> {
  const button = await until(() =>
    [
      ...(document.querySelector('[role="dialog"]') ?? document).querySelectorAll<HTMLElement>(
        'button, [role="menuitem"], [role="row"], [role="checkbox"], input[type="checkbox"]',
      ),
    ].find((element) =>
      (element.getAttribute('aria-label') ?? element.closest('label')?.textContent ?? labelOf(element) ?? element.textContent ?? '')
        .trim()
        .startsWith(name),
    ),
  );
  button.click();
}

const labelOf = (element: HTMLElement) => (element instanceof HTMLInputElement ? element.labels?.[0]?.textContent : undefined);

/** Types into the field with the label, as React sees it. */
export async function fill(label: string, text: string): Promise<void> {
  const field = await until(() =>
    [...document.querySelectorAll('input')].find((input) => (input.ariaLabel ?? input.labels?.[0]?.textContent ?? '').startsWith(label)),
  );
  Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')!.set!.call(field, text);
  field.dispatchEvent(new Event('input', { bubbles: true }));
}
