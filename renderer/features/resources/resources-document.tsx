import type { Document } from '../../../shared/model/document.ts';
import { ClusterTab } from '../../workbench/cluster-tab.tsx';
import { ResourcesPage } from './resources-page.tsx';

interface Props {
  document: Extract<Document, { kind: 'resources' }>;
  active: boolean;
}

/** A tab with a cluster's resources. */
export default function ResourcesDocument({ document, active }: Props) {
  return (
    <ClusterTab cluster={document.cluster} what="resources" outlivesLogin>
      {(cluster) => <ResourcesPage document={document} cluster={cluster} active={active} />}
    </ClusterTab>
  );
}
