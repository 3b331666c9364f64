import type { AliasEvent, Event, MappingEvent, ScalarEvent, SequenceEvent } from 'js-yaml';
import { EVENT_ID, getScalarValue } from 'js-yaml';
import type { Position } from './text-lines.ts';
import { TextLines } from './text-lines.ts';
import { offsetOf } from './yaml-composer.ts';
import type { YamlPath } from './yaml-path.ts';
import { readEvents } from './yaml.ts';

type ContentEvent = ScalarEvent | SequenceEvent | MappingEvent | AliasEvent;

/**
 * Finds where a path stands in a document: the key for a map entry, the item for a list entry. When
 * the path (or its end) is not there, the place of its deepest existing part is given.
 */
export function locate(text: string, path: YamlPath, options: { document?: number } = {}): Position | null {
  const walker = new EventWalker(text, readEvents(text, ''));
  const offset = walker.find(path, options.document ?? 0);
  return offset === null ? null : new TextLines(text).positionAt(offset);
}

class EventWalker {
  readonly #text: string;
  readonly #events: readonly Event[];
  #next = 0;

  constructor(text: string, events: readonly Event[]) {
    this.#text = text;
    this.#events = events;
  }

  find(path: YamlPath, document: number): number | null {
    for (let index = 0; index < document; index += 1) this.#skip();
    const start = this.#events[this.#next];
    if (start === undefined) return null;
    this.#next += 1;
    const root = this.#events[this.#next];
    if (root === undefined || root.type === EVENT_ID.POP) return null;
    let place = Math.max(0, offsetOf(root as ContentEvent));
    for (const step of path) {
      const found = this.#enter(step);
      if (found === null) break;
      place = found;
    }
    return place;
  }

  /** Moves to the value of one step; gives the offset of its key, or null when there is none. */
  #enter(step: string | number): number | null {
    const event = this.#events[this.#next];
    if (event?.type === EVENT_ID.MAPPING) return this.#enterMapping(String(step));
    if (event?.type === EVENT_ID.SEQUENCE && typeof step === 'number') return this.#enterSequence(step);
    return null;
  }

  #enterMapping(step: string): number | null {
    this.#next += 1;
    for (let key = this.#current(); key !== null; key = this.#current()) {
      const isWanted = key.type === EVENT_ID.SCALAR && getScalarValue(this.#text, key) === step;
      const offset = offsetOf(key);
      this.#skip();
      if (isWanted) return offset;
      this.#skip();
    }
    return null;
  }

  #enterSequence(step: number): number | null {
    this.#next += 1;
    let index = 0;
    for (let item = this.#current(); item !== null; item = this.#current()) {
      if (index === step) return offsetOf(item);
      this.#skip();
      index += 1;
    }
    return null;
  }

  #current(): ContentEvent | null {
    const event = this.#events[this.#next];
    return event === undefined || event.type === EVENT_ID.POP ? null : (event as ContentEvent);
  }

  #skip(): void {
    let depth = 0;
    do {
      const event = this.#events[this.#next];
      if (event === undefined) return;
      this.#next += 1;
      if (event.type === EVENT_ID.POP) depth -= 1;
      else if (event.type !== EVENT_ID.SCALAR && event.type !== EVENT_ID.ALIAS) depth += 1;
    } while (depth > 0);
  }
}
