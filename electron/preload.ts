import { ipcRenderer } from 'electron';

// All that this script does: it asks main for the page's ports once the page listens, and hands them on.
ipcRenderer.on('slipway-ports', ({ ports }) => window.postMessage({ type: 'slipway-ports' }, window.location.origin, ports));
window.addEventListener('DOMContentLoaded', () => ipcRenderer.send('slipway-connect'));
