import { type ClusterKey, parseClusterKey } from '../../shared/model/cluster.ts';
import classes from './cluster-badge.module.css';

const hues = [212, 158, 275, 22, 330, 46, 190];

/** The colour a cluster has everywhere: the same for the same address, spread over seven hues. */
function hueOf(key: ClusterKey): number {
  let sum = 0;
  for (const unit of parseClusterKey(key).address) sum = (sum * 31 + (unit.codePointAt(0) ?? 0)) >>> 0;
  return hues[sum % hues.length] ?? 0;
}

/** A small square with the cluster's initial, so that tabs of several clusters can be told apart. */
export function ClusterBadge({ cluster, label, size = 16 }: { cluster: ClusterKey; label: string; size?: number }) {
  const initial = [...label].find((letter) => /[\p{L}\p{N}]/u.test(letter)) ?? '?';
  const style = { '--hue': hueOf(cluster), width: size, height: size, fontSize: size * 0.62 };
  return (
    <span className={classes.badge} style={style} aria-hidden>
      {initial.toUpperCase()}
    </span>
  );
}
