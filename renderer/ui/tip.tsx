import { Tooltip, type TooltipProps } from '@mantine/core';
import { type MouseEvent, useEffect, useRef, useState } from 'react';

/** What the pointer has to rest on an element before its words are shown. */
const restMs = 500;
/** What a person does instead of reading: each ends the tip until the pointer comes again. */
const ends = ['pointerdown', 'keydown', 'wheel', 'blur'] as const;

/** Words beside the element under the pointer. Gone with a click, a key or the wheel; never over an open menu or dialog. */
export function Tip({ disabled = false, ...props }: Omit<TooltipProps, 'opened'>) {
  const [hovered, setHovered] = useState<Element | null>(null);
  const [opened, setOpened] = useState(false);
  const forget = useRef(() => {
    setHovered(null);
    setOpened(false);
  });
  useEffect(() => {
    if (!hovered) return;
    const end = forget.current;
    const timer = setTimeout(() => (isBehindPopup(hovered) ? end() : setOpened(true)), restMs);
    for (const name of ends) window.addEventListener(name, end, { capture: true });
    return () => {
      clearTimeout(timer);
      for (const name of ends) window.removeEventListener(name, end, { capture: true });
    };
  }, [hovered]);
  return (
    <Tooltip
      {...props}
      opened={opened && !disabled}
      onMouseEnter={({ currentTarget }: MouseEvent) => setHovered(currentTarget)}
      onMouseLeave={forget.current}
    />
  );
}

/** A menu or dialog is open that the element is no part of. */
const isBehindPopup = (element: Element): boolean =>
  [...document.querySelectorAll('[role="menu"], [role="dialog"]')].some((popup) => !popup.contains(element));
