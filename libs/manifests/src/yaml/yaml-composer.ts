import type { AliasEvent, Event, MappingEvent, ScalarEvent, SequenceEvent } from 'js-yaml';
import { COLLECTION_STYLE, EVENT_ID, getScalarValue, SCALAR_STYLE } from 'js-yaml';
import type { Json, JsonObject } from '../json.ts';
import { isJsonObject } from '../json.ts';
import { type TextLines } from './text-lines.ts';
import { YamlError } from './yaml-error.ts';
import type { YamlNull } from './yaml-path.ts';
import type { ScalarValue, YamlDialect } from './yaml-scalars.ts';
import { notJson, resolvePlainScalar } from './yaml-scalars.ts';

const maxAliases = 100;
// Aliases inside aliases multiply: this bounds what one document may grow to.
const maxNodes = 200_000;
// Many documents in one file must not add up to more than a large file has.
const maxNodesOfFile = 500_000;

interface Anchor {
  readonly value: Json;
  readonly nodes: number;
}

type ContentEvent = ScalarEvent | SequenceEvent | MappingEvent | AliasEvent;

// Where a node stands, as far as the reader cares: kustomize keeps annotations as the text in the file.
type Place = 'root' | 'items' | 'metadata' | 'annotations' | 'annotation' | 'elsewhere';

export interface ComposedDocument {
  readonly value: Json;
  readonly line: number;
  readonly nulls: readonly YamlNull[];
  readonly respelled: readonly Json[];
}

export interface ComposerSource {
  readonly text: string;
  readonly fileName: string;
  readonly dialect: YamlDialect;
  readonly events: readonly Event[];
}

/** Builds the JSON value of one document from parser events; the event stream itself is well-formed. */
export class YamlComposer {
  readonly #source: ComposerSource;
  readonly #lines: TextLines;
  #next: number;
  #anchors = new Map<string, Anchor>();
  #aliases = 0;
  #nodes = 0;
  #nodesOfFile = 0;
  #path: (string | number)[] = [];
  #nulls: YamlNull[] = [];
  #respelled: Json[] = [];
  #flowDepth = 0;
  #lastOffset = 0;

  constructor(source: ComposerSource, lines: TextLines) {
    this.#source = source;
    this.#lines = lines;
    this.#next = 0;
  }

  /** The next document, or null at the end of the stream. */
  nextDocument(): ComposedDocument | null {
    const start = this.#source.events[this.#next];
    if (start === undefined) return null;
    this.#next += 1;
    this.#anchors = new Map();
    this.#aliases = 0;
    this.#nodes = 0;
    this.#path = [];
    this.#nulls = [];
    this.#respelled = [];
    this.#flowDepth = 0;
    let value: Json = null;
    let line = 1;
    for (let event = this.#peek(); event.type !== EVENT_ID.POP; event = this.#peek()) {
      const content = event as ContentEvent;
      line = this.#lines.positionAt(Math.max(0, offsetOf(content))).line;
      value = this.#node('root');
    }
    this.#next += 1;
    return { value, line, nulls: this.#nulls, respelled: this.#respelled };
  }

  #peek(): Event {
    const event = this.#source.events[this.#next];
    if (event === undefined) throw new RangeError('the YAML event stream ends early');
    return event;
  }

  #node(place: Place): Json {
    const event = this.#peek() as ContentEvent;
    this.#next += 1;
    this.#lastOffset = Math.max(this.#lastOffset, offsetOf(event));
    this.#count(1, event);
    if (event.type === EVENT_ID.ALIAS) return this.#alias(event);
    const before = this.#nodes;
    const value = this.#content(event, place);
    if (event.anchorStart >= 0) {
      const name = this.#source.text.slice(event.anchorStart, event.anchorEnd);
      this.#anchors.set(name, { value, nodes: this.#nodes - before + 1 });
    }
    return value;
  }

  #content(event: ScalarEvent | SequenceEvent | MappingEvent, place: Place): Json {
    if (event.type === EVENT_ID.SCALAR) return this.#scalar(event, place);
    const tag = this.#tag(event);
    const expected = event.type === EVENT_ID.SEQUENCE ? 'seq' : 'map';
    if (tag !== null && tag !== expected) this.#refuse(event, `the tag "${tag}" is not supported here`);
    const isFlow = event.style === COLLECTION_STYLE.FLOW;
    if (isFlow) this.#flowDepth += 1;
    const value = event.type === EVENT_ID.SEQUENCE ? this.#sequence(place) : this.#mapping(event, place);
    if (isFlow) this.#flowDepth -= 1;
    return value;
  }

  #sequence(place: Place): Json[] {
    const items: Json[] = [];
    while (this.#peek().type !== EVENT_ID.POP) {
      this.#path.push(items.length);
      items.push(this.#node(place === 'items' ? 'root' : 'elsewhere'));
      this.#path.pop();
    }
    this.#next += 1;
    return items;
  }

  #mapping(event: MappingEvent, place: Place): JsonObject {
    const fields: JsonObject = {};
    const explicit = new Set<string>();
    const merges: { value: Json; at: ContentEvent; overlaps: ReadonlySet<string> }[] = [];
    while (this.#peek().type !== EVENT_ID.POP) {
      const keyEvent = this.#peek() as ContentEvent;
      if (this.#isMergeKey(keyEvent)) {
        this.#next += 1;
        merges.push({ value: this.#node(place), at: keyEvent, overlaps: new Set(explicit) });
        continue;
      }
      const key = this.#key(keyEvent);
      if (explicit.has(key)) this.#refuse(keyEvent, `the key "${key}" is given twice`);
      explicit.add(key);
      this.#path.push(key);
      fields[key] = this.#node(placeOf(place, key));
      this.#path.pop();
    }
    this.#next += 1;
    for (const merge of merges) this.#merge(fields, merge.value, merge);
    if (merges.length > 0) this.#count(Object.keys(fields).length, event);
    return fields;
  }

  #merge(fields: JsonObject, source: Json, merge: { at: ContentEvent; overlaps: ReadonlySet<string> }): void {
    const parts = Array.isArray(source) ? source : [source];
    for (const part of parts) {
      if (!isJsonObject(part)) this.#refuse(merge.at, 'only a map or a list of maps can be merged');
      for (const [key, value] of Object.entries(part)) {
        // The Kubernetes reader lets a later merge win over an earlier key, kustomize the other way round.
        if (this.#source.dialect !== 'kyaml' && merge.overlaps.has(key)) {
          this.#refuse(merge.at, `the merged key "${key}" is also given before the merge; put "<<" first`);
        }
        if (!Object.hasOwn(fields, key)) fields[key] = value;
      }
    }
  }

  #isMergeKey(event: ContentEvent): boolean {
    return (
      event.type === EVENT_ID.SCALAR &&
      event.style === SCALAR_STYLE.PLAIN &&
      event.tagStart < 0 &&
      event.anchorStart < 0 &&
      getScalarValue(this.#source.text, event) === '<<'
    );
  }

  #key(event: ContentEvent): string {
    if (event.type !== EVENT_ID.SCALAR && event.type !== EVENT_ID.ALIAS) this.#refuse(event, 'a key must be a text');
    const key = this.#node('elsewhere');
    if (typeof key === 'string') {
      if (key === '__proto__') this.#refuse(event, 'the key "__proto__" is not allowed');
      return key;
    }
    const isConvertible = this.#source.dialect !== 'kyaml' && (typeof key === 'boolean' || Number.isInteger(key));
    if (!isConvertible) this.#refuse(event, 'a key must be a text; put it in quotes');
    return String(key);
  }

  #alias(event: AliasEvent): Json {
    this.#aliases += 1;
    if (this.#aliases > maxAliases) this.#refuse(event, `more than ${maxAliases} aliases`);
    const name = this.#source.text.slice(event.anchorStart, event.anchorEnd);
    const anchor = this.#anchors.get(name);
    if (anchor === undefined) this.#refuse(event, `the alias "${name}" has no anchor`);
    this.#count(anchor.nodes, event);
    return anchor.value;
  }

  #scalar(event: ScalarEvent, place: Place): Json {
    const text = getScalarValue(this.#source.text, event);
    if (event.style === SCALAR_STYLE.FOLDED_BLOCK) this.#refuseUnstableFold(event, text);
    const tag = this.#tag(event);
    if (tag === 'str') return text;
    if (tag === null && event.style !== SCALAR_STYLE.PLAIN) return text;
    const value = this.#plain(text);
    if (value === null && tag === null) this.#noteNull(event, text);
    else if (value !== text && (typeof value === 'string' || String(value) !== text)) this.#noteSpelling(value);
    if (value !== null && place === 'annotation' && this.#source.dialect === 'kyaml') {
      if (typeof value !== 'string') this.#respelled.push(text);
      return text;
    }
    if (value === notJson) this.#refuse(event, `"${text}" has no JSON form`);
    if (tag !== null && !fitsTag(value, tag))
      this.#refuse(event, `"${text}" is no ${tag}, or the tag is not supported`);
    return value;
  }

  #plain(text: string): ScalarValue {
    // Inside brackets kustomize quotes what has a colon, and a quoted time is a text.
    const isQuotedTime = this.#flowDepth > 0 && this.#source.dialect === 'kyaml' && text.includes(':');
    return isQuotedTime ? text : resolvePlainScalar(text, this.#source.dialect);
  }

  #noteSpelling(value: ScalarValue): void {
    if (typeof value !== 'symbol') this.#respelled.push(value);
  }

  #noteNull(event: ScalarEvent, text: string): void {
    if (text === '' && this.#flowDepth > 0 && this.#source.dialect === 'kyaml') {
      this.#refuse(event, 'nothing stands here; kustomize makes an empty text of it: write null or ""');
    }
    this.#nulls.push({ path: [...this.#path], text });
  }

  #refuseUnstableFold(event: ScalarEvent, text: string): void {
    if (this.#source.dialect === 'kyaml' && /\n[ \t]/.test(text)) {
      this.#refuse(event, 'kustomize changes the line breaks of a folded text with indented lines; use "|"');
    }
  }

  #tag(event: ScalarEvent | SequenceEvent | MappingEvent): string | null {
    if (event.tagStart < 0) return null;
    const raw = this.#source.text.slice(event.tagStart, event.tagEnd);
    if (raw === '!') return event.type === EVENT_ID.SCALAR ? 'str' : null;
    const match = /^(?:!!|!<tag:yaml\.org,2002:)([a-z]+)>?$/.exec(raw);
    if (match?.[1] === undefined) this.#refuse(event, `the tag "${raw}" is not supported`);
    return match[1];
  }

  #count(nodes: number, event: ContentEvent): void {
    this.#nodes += nodes;
    this.#nodesOfFile += nodes;
    if (this.#nodesOfFile > maxNodesOfFile) this.#refuse(event, `the file has more than ${maxNodesOfFile} nodes`);
    if (this.#nodes > maxNodes) this.#refuse(event, `the document has more than ${maxNodes} nodes`);
  }

  #refuse(event: ContentEvent, reason: string): never {
    const offset = offsetOf(event);
    const place = this.#lines.positionAt(offset < 0 ? this.#lastOffset : offset);
    throw new YamlError({ file: this.#source.fileName, ...place }, reason);
  }
}

/** Where a node starts in the text, tag and anchor included. */
export function offsetOf(event: ContentEvent): number {
  const starts: number[] = [];
  if (event.anchorStart >= 0) starts.push(event.anchorStart - 1);
  if (event.type !== EVENT_ID.ALIAS && event.tagStart >= 0) starts.push(event.tagStart);
  if (event.type === EVENT_ID.SCALAR && event.valueStart >= 0) starts.push(event.valueStart - quoteWidth(event));
  if ((event.type === EVENT_ID.SEQUENCE || event.type === EVENT_ID.MAPPING) && event.start >= 0)
    starts.push(event.start);
  return starts.length === 0 ? -1 : Math.min(...starts);
}

function placeOf(parent: Place, key: string): Place {
  if (parent === 'root' && (key === 'metadata' || key === 'items')) return key;
  if (parent === 'metadata' && key === 'annotations') return 'annotations';
  return parent === 'annotations' ? 'annotation' : 'elsewhere';
}

function quoteWidth(event: ScalarEvent): number {
  const isQuoted = event.style === SCALAR_STYLE.SINGLE_QUOTED || event.style === SCALAR_STYLE.DOUBLE_QUOTED;
  return isQuoted ? 1 : 0;
}

function fitsTag(value: Json, tag: string): boolean {
  if (tag === 'null') return value === null;
  if (tag === 'bool') return typeof value === 'boolean';
  if (tag === 'int') return typeof value === 'bigint' || Number.isInteger(value);
  return tag === 'float' && typeof value === 'number';
}
