import { objectMeta } from '../../kube/object-meta.ts';
import type { Resource } from '../../kube/resource.ts';
import { pause } from '../../kube/pause.ts';
import { errorFields } from '../../logger.ts';
import type { WatchParts } from './kind-watch.ts';

// However many objects there are: polling is a makeshift and must not weigh on the server.
const leastGapMs = 50;

/** Looks once at the metadata of every known object of a kind, spread over the poll interval. */
export async function pollOnce(
  resource: Resource,
  { kube, listener, log, options }: WatchParts,
  signal: AbortSignal,
): Promise<void> {
  const objects = listener.known(resource);
  const gapMs = Math.max(leastGapMs, options.pollIntervalMs / Math.max(1, objects.length));
  if (objects.length === 0) await pause(gapMs, signal);
  for (const name of objects) {
    await pause(gapMs, signal);
    try {
      const live = await kube.getMeta(resource, name, signal);
      if (live === null) listener.deleted(resource, name);
      else listener.changed(resource, objectMeta(live));
    } catch (error) {
      signal.throwIfAborted();
      log.debug('an object was not seen', { kind: resource.kind, ...errorFields(error) });
    }
  }
}
