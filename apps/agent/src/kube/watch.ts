import type { IncomingMessage } from 'node:http';
import type { Json } from '@fairlead/manifests';
import { fieldAt, fieldOf } from '@fairlead/manifests';
import { KubeError } from './kube-error.ts';
import { LineSplitter } from './line-splitter.ts';
import { objectMeta } from './object-meta.ts';
import type { ObjectMeta } from './object-meta.ts';
import type { KubeTransport } from './transport.ts';

/** `SYNCED`: everything that is there now was sent; its version is where to go on from. */
export type WatchEventType = 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'SYNCED';
export type WatchHandler = (type: WatchEventType, meta: ObjectMeta) => void;

export interface WatchQuery {
  readonly selector: string;
  /** Version to go on from; null: the server sends first what is there now (WatchList), ended by `SYNCED`. */
  readonly from: string | null;
  /** A stream that says nothing for so long is taken for dead, ms. */
  readonly silenceMs: number;
  /** How long the server keeps the stream. */
  readonly timeoutSeconds: number;
  readonly signal: AbortSignal;
}

/**
 * `closed`: ended in order, or the connection broke. `expired`: the server has forgotten the version. `broken`: it sent
 * something that is no event. `refused`: it does not send what is there first.
 */
export type WatchEnd = 'closed' | 'expired' | 'broken' | 'refused';

const partialMetadata = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json';
const initialEventsEnd = 'k8s.io/initial-events-end';
// A server that means to answer begins at once; what is there now comes without pauses.
const openingMs = 30_000;
const refusals = new Set([400, 405, 406, 415, 422]);

/** One metadata watch; ends when the server ends it, when it falls silent, or when the signal says so. */
export async function watchMetadata(
  transport: KubeTransport,
  path: string,
  query: WatchQuery,
  handler: WatchHandler,
): Promise<WatchEnd> {
  const isInitial = query.from === null;
  const watchdog = new Watchdog(query.silenceMs);
  let isSynced = !isInitial;
  let isOpen = false;
  const deliver: WatchHandler = (type, meta) => {
    if (type === 'SYNCED') isSynced = true;
    handler(type, meta);
  };
  try {
    watchdog.feed(openingMs);
    const stream = await transport.stream({
      method: 'GET',
      path: `${path}?${parametersOf(query)}`,
      accept: partialMetadata,
      signal: AbortSignal.any([query.signal, watchdog.signal]),
    });
    isOpen = true;
    return await readEvents(stream, deliver, () => {
      watchdog.feed(isSynced ? query.silenceMs : openingMs);
      transport.heard();
    });
  } catch (error) {
    if (query.signal.aborted) return 'closed';
    // Servers that do not know WatchList may ignore the wish: the end of the list never comes.
    if (watchdog.signal.aborted) return isOpen && !isSynced ? 'refused' : 'closed';
    if (error instanceof KubeError) {
      if (error.failure === 'expired') return 'expired';
      if (isInitial && refusals.has(error.status)) return 'refused';
      throw error;
    }
    if (error instanceof SyntaxError || error instanceof RangeError) return 'broken';
    // Streams break when an API server restarts; the caller resumes from the last version it saw.
    return 'closed';
  } finally {
    watchdog.stop();
  }
}

function parametersOf({ selector, from, timeoutSeconds }: WatchQuery): string {
  return new URLSearchParams({
    watch: 'true',
    allowWatchBookmarks: 'true',
    labelSelector: selector,
    timeoutSeconds: String(timeoutSeconds),
    ...(from === null
      ? { sendInitialEvents: 'true', resourceVersionMatch: 'NotOlderThan' }
      : { resourceVersion: from }),
  }).toString();
}

async function readEvents(stream: IncomingMessage, handler: WatchHandler, heard: () => void): Promise<WatchEnd> {
  const lines = new LineSplitter();
  heard();
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    heard();
    for (const line of lines.push(chunk)) if (deliverLine(line, handler) === 'expired') return 'expired';
  }
  return 'closed';
}

function deliverLine(line: string, handler: WatchHandler): 'ok' | 'expired' {
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
  if (type === 'ADDED' || type === 'MODIFIED' || type === 'DELETED') {
    handler(type, objectMeta(fieldOf(event, 'object') ?? null));
  } else if (type === 'BOOKMARK') {
    const meta = objectMeta(fieldOf(event, 'object') ?? null);
    handler(meta.annotations[initialEventsEnd] === 'true' ? 'SYNCED' : 'BOOKMARK', meta);
  }
  return 'ok';
}

/** Half-open connections say nothing: only time tells. */
class Watchdog {
  readonly #abort = new AbortController();
  readonly #mostMs: number;
  #timer: NodeJS.Timeout | undefined;

  constructor(mostMs: number) {
    this.#mostMs = mostMs;
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  feed(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(
      () => {
        this.#abort.abort(new Error('the watch fell silent'));
      },
      Math.min(ms, this.#mostMs),
    );
    this.#timer.unref();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}
