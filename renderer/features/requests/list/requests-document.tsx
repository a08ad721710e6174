import type { Document } from '../../../../shared/model/document.ts';
import { ClusterTab } from '../../../workbench/cluster-tab.tsx';
import { RequestsPage } from './requests-page.tsx';

interface Props {
  document: Extract<Document, { kind: 'requests' }>;
  active: boolean;
}

/** A tab with a cluster's access requests. */
export default function RequestsDocument({ document, active }: Props) {
  return (
    <ClusterTab cluster={document.cluster} what="access requests" outlivesLogin={false}>
      {(cluster) => <RequestsPage document={document} cluster={cluster} active={active} />}
    </ClusterTab>
  );
}
