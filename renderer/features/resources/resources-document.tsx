import type { Document } from '../../../shared/model/document.ts';
import { ClusterTab } from '../../workbench/cluster-tab.tsx';
import type { PaneProps } from '../../workbench/pane-props.ts';
import { ResourcesPage } from './resources-page.tsx';

/** A tab with a cluster's resources. */
export default function ResourcesDocument({ document, focused }: PaneProps<Extract<Document, { kind: 'resources' }>>) {
  return (
    <ClusterTab cluster={document.cluster} what="resources" outlivesLogin>
      {(cluster) => <ResourcesPage document={document} cluster={cluster} focused={focused} />}
    </ClusterTab>
  );
}
