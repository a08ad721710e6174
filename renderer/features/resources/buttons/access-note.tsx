import type { ClusterKey } from '../../../../shared/model/cluster.ts';
import type { Resource } from '../../../../shared/model/resource.ts';
import { useRequestsOverview } from '../../../state/context.tsx';
import classes from '../details.module.css';
import { RequestButton } from './request-button.tsx';

/** A resource that has to be asked for first: the way to it, or why there is none here. */
export function AccessNote({ resource, cluster }: { resource: Resource; cluster: ClusterKey }) {
  const features = useRequestsOverview(cluster)?.features;
  return (
    <div className={classes.note}>
      <p>Access to it has to be requested first. {features?.resourceRequests === false && features.explanation}</p>
      <RequestButton resource={resource} cluster={cluster} />
    </div>
  );
}
