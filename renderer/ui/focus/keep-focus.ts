import { canTakeFocus, dialogStart, firstStopIn, floats, workplaceIn } from './focus-targets.ts';

const watched: MutationObserverInit = { childList: true, attributes: true, attributeFilter: ['disabled', 'data-disabled', 'hidden', 'inert'] };

/**
 * Keeps the keyboard somewhere sensible: when the element that has the focus goes away, is hidden or disabled, the focus goes on to
 * the dialog it was in (its first empty field), back to where it was before a dialog or menu took it, to the nearest list or
 * shell, or to the first thing of the page. An element that is only disabled for a while gets it again. Returns the function that stops it.
 */
export function keepFocus(): () => void {
  /** The element that had the focus last, with what it lies in, innermost first. */
  let path: Element[] = [];
  /** The same, of the last one that belongs to the page and not to something that floats over it. */
  let settled: Element[] = [];
  const observer = new MutationObserver(() => setTimeout(mend));

  const onFocusIn = ({ target }: FocusEvent) => {
    if (!(target instanceof Element)) return;
    path = pathOf(target);
    if (!floats(target)) settled = path;
    observer.disconnect();
    for (const element of path) observer.observe(element, watched);
  };
  const mend = () => {
    const active = document.activeElement;
    if (active !== null && active !== document.body && canTakeFocus(active)) return;
    const [last] = path;
    if (!last || (last.isConnected && last.matches(':disabled'))) return;
    const next = canTakeFocus(last) ? last : nextOf(path, settled);
    next?.focus({ preventScroll: true });
  };
  document.addEventListener('focusin', onFocusIn);
  return () => {
    observer.disconnect();
    document.removeEventListener('focusin', onFocusIn);
  };
}

function pathOf(element: Element): Element[] {
  const path: Element[] = [];
  for (let each: Element | null = element; each; each = each.parentElement) path.push(each);
  return path;
}

function nextOf(path: readonly Element[], settled: readonly Element[]): HTMLElement | undefined {
  const dialogs = [...document.querySelectorAll<HTMLElement>('[role="dialog"][aria-modal="true"]')].filter(canTakeFocus);
  const dialog = dialogs.find((each) => path.includes(each)) ?? dialogs.at(-1);
  return dialog ? dialogStart(dialog) : (returnTo(path) ?? returnTo(settled) ?? pageStart());
}

/** The element itself, what it lies in if that has keys of its own, or the list or shell beside it. */
function returnTo(path: readonly Element[]): HTMLElement | undefined {
  const [element] = path;
  if (element && canTakeFocus(element) && element.tabIndex >= 0) return element;
  for (const each of path) {
    if (each === document.body || each.contains(mainOf())) break;
    if (!canTakeFocus(each)) continue;
    if (each.hasAttribute('tabindex')) return each;
    const place = workplaceIn(each);
    if (place) return place;
  }
  return undefined;
}

const mainOf = () => document.querySelector('main');

function pageStart(): HTMLElement | undefined {
  const main = mainOf();
  return main ? (workplaceIn(main) ?? firstStopIn(main) ?? firstStopIn(document)) : undefined;
}
