type Listener = (ports: readonly MessagePort[]) => void;

const early: (readonly MessagePort[])[] = [];
let current: Listener | undefined;

/**
 * Keeps the ports that the preload posts until somebody asks for them. It has to run first of all, because the preload may be
 * faster than the page.
 */
export function keepPreloadPorts(): void {
  window.addEventListener('message', ({ source, data, ports }) => {
    if (source !== window || data?.type !== 'slipway-ports') return;
    if (current) current(ports);
    else early.push(ports);
  });
}

/** Calls back with main's and the session host's port, and later with one port for each session host that replaces the first. */
export function onPreloadPorts(listener: Listener): void {
  current = listener;
  for (const ports of early.splice(0)) listener(ports);
}
