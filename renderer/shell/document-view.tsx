import { Center, Loader } from '@mantine/core';
import { type ComponentType, type LazyExoticComponent, lazy, Suspense } from 'react';
import type { Document } from '../../shared/model/document.ts';
import { ErrorBoundary } from '../ui/error-boundary.tsx';

type Kind = Document['kind'];
type View<K extends Kind = Kind> = LazyExoticComponent<ComponentType<{ document: Extract<Document, { kind: K }>; active: boolean }>>;

const terminal = lazy(() => import('../features/terminal/terminal-document.tsx'));

/** Each kind of tab is loaded when the first of its kind is shown. */
const views: { [K in Kind]: View<K> } = {
  resources: lazy(() => import('../features/resources/resources-document.tsx')),
  requests: lazy(() => import('../features/requests/list/requests-document.tsx')),
  ssh: lazy(() => import('./ssh-view.tsx')),
  shell: terminal,
  gateway: lazy(() => import('../features/gateways/gateway-document.tsx')),
  files: lazy(() => import('../features/files/files-document.tsx')),
  settings: lazy(() => import('../features/settings/settings-document.tsx')),
  telemetry: lazy(() => import('../features/telemetry/telemetry-document.tsx')),
  diagnostics: lazy(() => import('../features/diagnostics/diagnostics-document.tsx')),
};

/** One tab's content. `active` is false while another tab is in front. */
export function DocumentView({ document, active }: { document: Document; active: boolean }) {
  const View = views[document.kind] as View;
  return (
    <ErrorBoundary what="This tab">
      <Suspense
        fallback={
          <Center h="100%">
            <Loader size="sm" aria-label="Loading" />
          </Center>
        }
      >
        <View document={document} active={active} />
      </Suspense>
    </ErrorBoundary>
  );
}
