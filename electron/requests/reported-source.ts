import { type BackgroundReporter, reported } from '../lib/background.ts';
import { type FeedSource, isRefusedWatch } from './request-feed.ts';

/** Wraps a source so that the results of its calls are reported to `background`. */
export function reportedSource(source: FeedSource, background: BackgroundReporter, cluster: string): FeedSource {
  const following = { what: 'to follow the access requests as they change', cluster };
  return {
    list: (signal) => reported(background, { what: 'to read the access requests', cluster }, source.list(signal)),
    get: (id, signal) => reported(background, { what: 'to read one access request', cluster }, source.get(id, signal)),
    // A watch has no end, so it counts as working once the cluster says that the stream is established.
    watch: async (scope, onEvent, signal) => {
      const onWatchEvent: typeof onEvent = (event) => {
        if (event.type === 'ready') background.worked(following);
        onEvent(event);
      };
      try {
        return await source.watch(scope, onWatchEvent, signal);
      } catch (caught) {
        if (!isRefusedWatch(caught)) background.failed(following, caught);
        throw caught;
      }
    },
  };
}
