import { Center, Loader } from '@mantine/core';
import { type ComponentType, type LazyExoticComponent, lazy, Suspense } from 'react';
import type { Document } from '../../../shared/model/document.ts';
import { ErrorBoundary } from '../../ui/error-boundary.tsx';
import type { PaneProps } from '../../workbench/pane-props.ts';

type Kind = Document['kind'];
type View<K extends Kind = Kind> = LazyExoticComponent<ComponentType<PaneProps<Extract<Document, { kind: K }>>>>;

const terminal = lazy(() => import('../../features/terminal/terminal-document.tsx'));

/** Each kind of tab is loaded when the first of its kind is shown. */
const views: { [K in Kind]: View<K> } = {
  resources: lazy(() => import('../../features/resources/resources-document.tsx')),
  requests: lazy(() => import('../../features/requests/list/requests-document.tsx')),
  ssh: lazy(() => import('./ssh-view.tsx')),
  shell: terminal,
  gateway: lazy(() => import('../../features/gateways/gateway-document.tsx')),
  files: lazy(() => import('../../features/files/files-document.tsx')),
  settings: lazy(() => import('../../features/settings/settings-document.tsx')),
  telemetry: lazy(() => import('../../features/telemetry/telemetry-document.tsx')),
  diagnostics: lazy(() => import('../../features/diagnostics/diagnostics-document.tsx')),
};

/** What a document shows. */
export function DocumentView({ document, visible, focused }: PaneProps<Document>) {
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
        <View document={document} visible={visible} focused={focused} />
      </Suspense>
    </ErrorBoundary>
  );
}
