import { MantineProvider } from '@mantine/core';
import { theme } from '../theme/theme.ts';

export function GalleryIndex({ names }: { names: readonly string[] }) {
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto">
      <main style={{ height: '100%', overflow: 'auto', padding: 24, boxSizing: 'border-box' }}>
        <h1>Every state of every screen</h1>
        <ul>
          {names.map((name) => (
            <li key={name}>
              {name}: <a href={`?screen=${name}&theme=light`}>light</a> · <a href={`?screen=${name}&theme=dark`}>dark</a>
            </li>
          ))}
        </ul>
      </main>
    </MantineProvider>
  );
}
