import type { Document } from '../../../../shared/model/document.ts';
import { ClusterTab } from '../../../workbench/cluster-tab.tsx';
import type { PaneProps } from '../../../workbench/pane-props.ts';
import { RequestsPage } from './requests-page.tsx';

/** A tab with a cluster's access requests. */
export default function RequestsDocument({ document, focused }: PaneProps<Extract<Document, { kind: 'requests' }>>) {
  return (
    <ClusterTab cluster={document.cluster} what="access requests" outlivesLogin={false}>
      {(cluster) => <RequestsPage document={document} cluster={cluster} focused={focused} />}
    </ClusterTab>
  );
}
