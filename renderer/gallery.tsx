import '@mantine/core/styles.css';
import './theme/base.css';
import { createRoot } from 'react-dom/client';
import { createFakeApp } from './fakes/fake-app.ts';
import { GalleryIndex } from './fakes/gallery-index.tsx';
import { until } from './fakes/page-acts.ts';
import { screens } from './fakes/screens.ts';
import { App } from './shell/app.tsx';
import { createCommands } from './workbench/commands.ts';

/** `?screen=NAME&theme=light|dark` draws one state of the app without a server; without a screen, the list of them. */
const parameters = new URLSearchParams(location.search);
const theme = parameters.get('theme') === 'dark' ? 'dark' : 'light';
const screen = screens[parameters.get('screen') ?? ''];
const root = createRoot(document.getElementById('root')!);
if (screen) {
  const commands = createCommands();
  const fake = createFakeApp({ ...screen.world, settings: { ...screen.world.settings, theme } });
  root.render(<App app={fake.app} commands={commands} />);
  await until(() => commands.has('palette'));
  await screen.act?.({ ...fake, commands });
  document.body.dataset.ready = 'yes';
} else {
  root.render(<GalleryIndex names={Object.keys(screens)} />);
}
