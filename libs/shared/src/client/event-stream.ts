import type { CodedError } from '../kernel/errors.ts';
import { authorization, type ConnectionOptions } from './fairlead-client.ts';
import { pause } from './pause.ts';
import { errorFromResponse, unreachable } from './problem-response.ts';

export interface ServerEvent {
  readonly id: string | null;
  readonly type: string;
  /** The event's text, JSON on all streams of the hub. */
  readonly text: string;
}

export interface EventStreamOptions extends ConnectionOptions {
  /** `/v1/rollouts/7/events` */
  readonly path: string;
  readonly lastEventId?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Told whenever the stream broke and is opened again after `delayMs`. */
  readonly onInterruption?: (error: CodedError, delayMs: number) => void;
}

const firstDelayMs = 250;
const longestDelayMs = 5_000;

/**
 * Events of a stream, for as long as the caller reads. A broken connection is opened again from the last event seen, so
 * nothing is missed; refusals (wrong token, no such rollout) are thrown. Ends when `signal` is aborted.
 */
export async function* readEvents(options: EventStreamOptions): AsyncGenerator<ServerEvent> {
  let lastEventId = options.lastEventId;
  let delayMs = firstDelayMs;
  const isAborted = () => options.signal?.aborted === true;
  while (!isAborted()) {
    try {
      for await (const event of readOnce(options, lastEventId)) {
        lastEventId = event.id ?? lastEventId;
        delayMs = firstDelayMs;
        yield event;
      }
    } catch (thrown) {
      if (isAborted()) return;
      const error = thrown as CodedError;
      if (error.kind !== 'unavailable') throw thrown;
      options.onInterruption?.(error, delayMs);
    }
    await pause(delayMs, options.signal);
    delayMs = Math.min(delayMs * 2, longestDelayMs);
  }
}

async function* readOnce(options: EventStreamOptions, lastEventId: string | undefined): AsyncGenerator<ServerEvent> {
  const response = await open(options, lastEventId);
  if (!response.ok) throw await errorFromResponse(response);
  if (response.body === null) return;
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for await (const chunk of response.body) {
      rest += decoder.decode(chunk, { stream: true }).replaceAll('\r\n', '\n');
      const blocks = rest.split('\n\n');
      rest = blocks.pop() ?? '';
      for (const block of blocks) {
        const event = parseEvent(block);
        if (event !== null) yield event;
      }
    }
  } catch (thrown) {
    throw unreachable(options.baseUrl, thrown);
  }
}

async function open(options: EventStreamOptions, lastEventId: string | undefined): Promise<Response> {
  const headers: Record<string, string> = { ...authorization(options), accept: 'text/event-stream' };
  if (lastEventId !== undefined) headers['last-event-id'] = lastEventId;
  try {
    return await fetch(new URL(options.path, options.baseUrl), { headers, signal: options.signal ?? null });
  } catch (thrown) {
    throw unreachable(options.baseUrl, thrown);
  }
}

/** One event block of the `text/event-stream` format; null for comments (keep-alives) and blocks without data. */
export function parseEvent(block: string): ServerEvent | null {
  let id: string | null = null;
  let type = 'message';
  const text: string[] = [];
  for (const line of block.split('\n')) {
    const match = /^(id|event|data)(?:: ?(.*))?$/.exec(line);
    if (match === null) continue;
    const value = match[2] ?? '';
    if (match[1] === 'id') id = value;
    else if (match[1] === 'event') type = value;
    else text.push(value);
  }
  return text.length === 0 ? null : { id, type, text: text.join('\n') };
}
