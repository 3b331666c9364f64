import type { Json } from '@fairlead/manifests';
import { fieldAt, fieldOf } from '@fairlead/manifests';
import { KubeError } from './kube-error.ts';
import { LineSplitter } from './line-splitter.ts';
import { objectMeta } from './object-meta.ts';
import type { ObjectMeta } from './object-meta.ts';
import type { KubeTransport } from './transport.ts';

export type WatchEventType = 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK';
export type WatchHandler = (type: WatchEventType, meta: ObjectMeta) => void;

const partialMetadata = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json';
// The server sends a bookmark about once a minute: two missed ones mean that the connection is dead.
const silenceLimitMs = 130_000;

/** One metadata watch; ends when the server ends it, when it falls silent, or when the signal says so. */
export async function watchMetadata(
  transport: KubeTransport,
  path: string,
  query: { selector: string; from: string; signal: AbortSignal },
  handler: WatchHandler,
): Promise<'closed' | 'expired'> {
  const parameters = new URLSearchParams({
    watch: 'true',
    allowWatchBookmarks: 'true',
    resourceVersion: query.from,
    labelSelector: query.selector,
    timeoutSeconds: String(300 + Math.floor(Math.random() * 300)),
  });
  const silence = new AbortController();
  const signal = AbortSignal.any([query.signal, silence.signal]);
  let watchdog = setTimeout(() => undefined, 0);
  const heard = () => {
    clearTimeout(watchdog);
    watchdog = setTimeout(() => {
      silence.abort(new Error('the watch fell silent'));
    }, silenceLimitMs);
    watchdog.unref();
  };
  heard();
  try {
    const stream = await transport.stream({
      method: 'GET',
      path: `${path}?${parameters.toString()}`,
      accept: partialMetadata,
      signal,
    });
    const lines = new LineSplitter();
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      heard();
      transport.heard();
      for (const line of lines.push(chunk)) if (deliver(line, handler) === 'expired') return 'expired';
    }
    return 'closed';
  } catch (error) {
    if (query.signal.aborted || silence.signal.aborted) return 'closed';
    if (error instanceof KubeError) {
      if (error.failure === 'expired') return 'expired';
      throw error;
    }
    // Streams break when an API server restarts; the caller resumes from the last version it saw.
    return 'closed';
  } finally {
    clearTimeout(watchdog);
  }
}

function deliver(line: string, handler: WatchHandler): 'ok' | 'expired' {
  const event = JSON.parse(line) as Json;
  const type = fieldOf(event, 'type');
  if (type === 'ERROR') {
    const code = fieldAt(event, ['object', 'code']);
    if (code === 410) return 'expired';
    const message = fieldAt(event, ['object', 'message']);
    throw new KubeError({
      status: typeof code === 'number' ? code : 500,
      message: typeof message === 'string' ? message : 'the watch failed',
      reason: '',
      causes: [],
      retryAfterMs: null,
    });
  }
  if (type === 'ADDED' || type === 'MODIFIED' || type === 'DELETED' || type === 'BOOKMARK') {
    handler(type, objectMeta(fieldOf(event, 'object') ?? null));
  }
  return 'ok';
}
