// The main process of an Electron app with nothing but one empty window. Started by test/support/terminal-page.ts.
const { app, BrowserWindow } = require('electron');

app.whenReady().then(() => new BrowserWindow({ width: 1200, height: 700, useContentSize: true }).loadURL('about:blank'));
