import type { TelemetryState } from '../../../shared/model/telemetry.ts';
import { clusterLabel } from '../../state/clusters.ts';
import { useClusters } from '../../state/context.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import classes from './telemetry.module.css';

/** For each login, the hashes of its names as the collector sees them. */
export function OwnHashes({ hashes }: { hashes: TelemetryState['hashes'] }) {
  const clusters = useClusters();
  if (hashes.length === 0) return null;
  return (
    <details className={classes.hashes} open={hashes.length === 1 && window.innerHeight >= 700}>
      <summary>This is how your name looks to the collector</summary>
      <dl>
        {hashes.map(({ cluster: key, clusterHash, userHash }) => {
          const cluster = clusters.find((each) => each.key === key);
          return (
            <div key={key} className={classes.hash}>
              <dt>
                <Untrusted text={cluster?.user ?? ''} most={100} /> <code>{userHash}</code>
              </dt>
              <dd>
                on <Untrusted text={clusterLabel(key, cluster)} most={100} /> <code>{clusterHash}</code>
              </dd>
            </div>
          );
        })}
      </dl>
    </details>
  );
}
