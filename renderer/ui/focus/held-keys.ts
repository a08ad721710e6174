import { useLayoutEffect } from 'react';
import { flushSync } from 'react-dom';
import { isTextField } from './focus-targets.ts';

type Typed = string | Pick<KeyboardEvent, 'key' | 'code' | 'shiftKey'>;

/** How many are waiting for a field; the keys are let go of when it falls to zero. */
let waiting = 0;
let held: { input: HTMLInputElement; release(): void } | null = null;

/** A field is being opened: what is typed belongs to it, and is no command. */
export const keysAreHeld = (): boolean => held !== null;

/**
 * Keeps what is typed from now on away from what has the focus, and types it into the text field that gets the focus next. The
 * focus goes to a hidden field meanwhile, so that pasted text and input methods work as anywhere. Keys are dropped when a button
 * gets the focus instead, since nobody has seen it, or when the returned function is called before anything does.
 */
function holdKeys(): () => void {
  waiting++;
  if (!held) held = startHolding();
  let ended = false;
  return () => {
    if (ended) return;
    ended = true;
    waiting--;
    // What replaces a placeholder takes over in the same commit.
    queueMicrotask(() => waiting === 0 && held?.release());
  };
}

/** Holds keys for what is being opened, as long as `opened` is true and it has not taken the focus. */
export function useHeldKeys(opened: boolean): void {
  useLayoutEffect(() => (opened ? holdKeys() : undefined), [opened]);
}

function startHolding() {
  const typed: Typed[] = [];
  const input = document.createElement('input');
  input.dataset.heldKeys = '';
  input.tabIndex = -1;
  input.autocomplete = 'off';
  input.spellcheck = false;
  input.setAttribute('aria-label', 'Opening');
  input.style.cssText = 'position:fixed;top:0;left:0;width:1px;height:1px;padding:0;border:0;opacity:0;pointer-events:none';
  const takeText = () => {
    if (input.value !== '') typed.push(input.value);
    input.value = '';
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.isComposing || isTyping(event)) return;
    takeText();
    // Esc goes on to whatever is there to be closed by it.
    if (event.key === 'Escape') return void typed.splice(0);
    typed.push({ key: event.key, code: event.code, shiftKey: event.shiftKey });
    event.preventDefault();
    event.stopPropagation();
  };
  const onFocusIn = ({ target }: FocusEvent) => {
    if (target === input || !(target instanceof HTMLElement)) return;
    // A dialog that is still loading has the focus itself until its fields are there.
    if (target.tabIndex < 0) return input.focus({ preventScroll: true });
    takeText();
    release();
    if (isTextField(target)) queueMicrotask(() => replay(target, typed));
  };
  const release = () => {
    held = null;
    document.removeEventListener('focusin', onFocusIn);
    window.removeEventListener('pointerdown', release, { capture: true });
    input.remove();
  };
  input.addEventListener('keydown', onKeyDown);
  document.addEventListener('focusin', onFocusIn);
  window.addEventListener('pointerdown', release, { capture: true });
  document.body.append(input);
  input.focus({ preventScroll: true });
  return { input, release };
}

/** What the hidden field understands by itself: text, its correction, and keys that do nothing alone. */
const isTyping = ({ key, ctrlKey, metaKey }: KeyboardEvent) =>
  ctrlKey || metaKey || [...key].length === 1 || ['Backspace', 'Dead', 'Process', 'Shift', 'Alt', 'AltGraph', 'CapsLock'].includes(key);

/** Typed again, each key with the page as the one before left it. */
function replay(field: HTMLElement, typed: readonly Typed[]): void {
  for (const each of typed) {
    if (document.activeElement !== field) return;
    flushSync(() => {
      if (typeof each === 'string') document.execCommand('insertText', false, each);
      else if (field.dispatchEvent(new KeyboardEvent('keydown', { ...each, bubbles: true, cancelable: true })) && each.key === 'Enter')
        field.closest('form')?.requestSubmit();
    });
  }
}
