import { Center, Loader } from '@mantine/core';
import { type ComponentType, createElement, lazy, Suspense } from 'react';
import type { Document } from '../../../shared/model/document.ts';
import { ErrorBoundary } from '../../ui/error-boundary.tsx';
import type { PaneProps } from '../../workbench/pane-props.ts';

type Kind = Document['kind'];
type PropsOf<K extends Kind> = PaneProps<Extract<Document, { kind: K }>>;

const terminal = lazy(() => import('../../features/terminal/terminal-document.tsx'));

/** Each kind of tab is loaded when the first of its kind is shown. */
const views: { readonly [K in Kind]: ComponentType<PropsOf<K>> } = {
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

function viewOf<K extends Kind>(kind: K, props: PropsOf<K>) {
  const View: ComponentType<PropsOf<K>> = views[kind];
  return createElement(View, props);
}

/** What a document shows. */
export function DocumentView({ document, visible, focused }: PaneProps<Document>) {
  return (
    <ErrorBoundary what="This tab">
      <Suspense
        fallback={
          <Center h="100%">
            <Loader size="sm" aria-label="Loading" />
          </Center>
        }
      >
        {viewOf(document.kind, { document, visible, focused })}
      </Suspense>
    </ErrorBoundary>
  );
}
