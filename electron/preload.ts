import { ipcRenderer, webUtils } from 'electron';

// This script does three things: it asks main for the page's ports once the page listens, and hands them over; it tells the page
// the paths of files that a person drops on it, which pages cannot learn otherwise; and it keeps the page from navigating to
// about:blank, of which main would hear only afterwards.
ipcRenderer.on('slipway-ports', ({ ports }) => window.postMessage({ type: 'slipway-ports' }, window.location.origin, ports));
window.addEventListener('DOMContentLoaded', () => ipcRenderer.send('slipway-connect'));
window.addEventListener(
  'drop',
  ({ isTrusted, dataTransfer }) => {
    if (!isTrusted || !dataTransfer || dataTransfer.files.length === 0) return;
    const paths = Array.from(dataTransfer.files, (file) => webUtils.getPathForFile(file));
    window.postMessage({ type: 'slipway-dropped', paths }, window.location.origin);
  },
  { capture: true },
);
window.navigation.addEventListener('navigate', (event) => {
  if (!event.destination.sameDocument && event.destination.url !== window.location.href) event.preventDefault();
});
