import type { Json } from '@fairlead/manifests';
import { cloneJson, isJsonObject, isKubeObject } from '@fairlead/manifests';
import { fail } from '../finding.ts';
import type { CopyBudget } from './copy-budget.ts';
import { sizeOf } from './copy-budget.ts';
import { isSelectedBy } from './gvk.ts';
import { lookUp, stepsOf } from './path-lookup.ts';
import type { CreatedKind, Place } from './path-match.ts';
import { matchPath, PathMatchError, valueAt } from './path-match.ts';
import type { FieldOptions, Replacement, ReplacementSource, ReplacementTarget } from './replacement.ts';
import type { Resource } from './resource.ts';
import type { ResourceSet } from './resource-set.ts';
import { describeId } from './resource.ts';
import { isScalar, plainText, untypedScalar, withText } from './scalar-text.ts';
import { targetMatcher } from './select-resources.ts';
import { structuredTextAt, writeStructured } from './structured-text.ts';

/** A value on its way; a text without a type takes the type that it looks like where it makes a field. */
interface Copied {
  readonly value: Json;
  readonly isUntyped: boolean;
}

/** Copies values between objects, one replacement after the other. `isRespelled` tells values whose text is lost. */
export function applyReplacements(
  { resources, budget }: ResourceSet,
  replacements: readonly Replacement[],
  isRespelled: (value: Json) => boolean,
): void {
  for (const replacement of replacements) new Copying(resources, replacement, isRespelled, budget).run();
}

class Copying {
  readonly #resources: readonly Resource[];
  readonly #replacement: Replacement;
  readonly #isRespelled: (value: Json) => boolean;
  readonly #budget: CopyBudget;

  constructor(
    resources: readonly Resource[],
    replacement: Replacement,
    isRespelled: (value: Json) => boolean,
    budget: CopyBudget,
  ) {
    this.#budget = budget;
    this.#resources = resources;
    this.#replacement = replacement;
    this.#isRespelled = isRespelled;
  }

  run(): void {
    const read = this.#reader();
    for (const target of this.#replacement.targets) {
      const matches = selector(target, this.#replacement);
      for (const resource of this.#resources) if (matches(resource)) this.#copyInto(resource, target, read);
    }
  }

  /** Reads the value anew for each target: it may itself be replaced on the way. */
  #reader(): () => Copied {
    const { source } = this.#replacement;
    if ('value' in source) return () => ({ value: source.value, isUntyped: true });
    const holder = this.#sourceResource(source);
    const steps = stepsOf(source.fieldPath);
    const first = this.#refined(this.#found(lookUp(holder.object, steps), source), source.options);
    if (source.options.delimiter !== '') return () => ({ value: first, isUntyped: false });
    return () => ({ value: lookUp(holder.object, steps) ?? first, isUntyped: false });
  }

  #sourceResource(source: ReplacementSource): Resource {
    const matches = this.#resources.filter((resource) => isSource(resource, source));
    const [only, second] = matches;
    if (only === undefined) return this.#fail('the source selects no object');
    if (second !== undefined) return this.#fail('the source selects several objects');
    return only;
  }

  #found(value: Json | undefined, source: ReplacementSource): Json {
    if (value === undefined || value === null || isEmpty(value))
      return this.#fail(`the source has no field "${source.fieldPath}"`);
    if (isScalar(value) && this.#isRespelled(value))
      return this.#fail(`the spelling of "${source.fieldPath}" would change; write the value in quotes`);
    return value;
  }

  #refined(value: Json, options: FieldOptions): Json {
    if (options.delimiter === '') return value;
    if (!isScalar(value)) return this.#fail('a delimiter needs a single value');
    const part = plainText(value).split(options.delimiter)[options.index];
    if (part === undefined) return this.#fail(`options.index ${options.index} is out of bounds`);
    const typed = value === null ? undefined : withText(value, part);
    return typed ?? this.#fail(`"${part}" does not fit the type of the source`);
  }

  #copyInto(resource: Resource, target: ReplacementTarget, read: () => Copied): void {
    for (const path of target.fieldPaths) {
      try {
        this.#copyToPath(resource, path, target.options, read());
      } catch (error) {
        if (!(error instanceof PathMatchError)) throw error;
        this.#fail(`"${path}" in ${describeId(resource.id)}: ${error.message}`);
      }
    }
    if (!isKubeObject(resource.object)) this.#fail('an object loses its apiVersion, kind or name');
  }

  #copyToPath(resource: Resource, path: string, options: FieldOptions, copied: Copied): void {
    const steps = stepsOf(path);
    const create = options.create ? kindOf(copied.value) : 'none';
    const structured = structuredTextAt(resource.object, steps);
    if (structured !== null) {
      const root = cloneJson(structured.value) as typeof structured.value;
      this.#setAll(null, matchPath(root, structured.inner, create), options, copied);
      const [place] = matchPath(resource.object, structured.outer, 'none');
      if (place === undefined) throw new PathMatchError('the text with the field is not found again');
      put(resource, place, writeStructured(root, structured.text));
      return;
    }
    this.#setAll(resource, matchPath(resource.object, steps, create), options, copied);
  }

  #setAll(resource: Resource | null, places: readonly Place[], options: FieldOptions, copied: Copied): void {
    if (places.length === 0) throw new PathMatchError('there is no such field');
    for (const place of places) put(resource, place, this.#newValue(place, options, copied));
  }

  #newValue(place: Place, options: FieldOptions, { value, isUntyped }: Copied): Json {
    const present = valueAt(place);
    this.#budget.spend(sizeOf(value) + sizeOf(present), this.#replacement.origin.file);
    if (!isScalar(present)) {
      if (options.delimiter !== '') throw new PathMatchError('a delimiter needs a single value');
      return isUntyped && isScalar(value) ? this.#untyped(plainText(value)) : cloneJson(value);
    }
    if (!isScalar(value)) throw new PathMatchError('a map or list cannot take the place of a single value');
    if (this.#isRespelled(present))
      throw new PathMatchError('the field is spelled in an unusual way; write it in quotes');
    const text = options.delimiter === '' ? plainText(value) : joined(plainText(present), options, plainText(value));
    if (place.isNew) return this.#untyped(text);
    const typed = withText(present, text);
    if (typed === undefined) throw new PathMatchError(`"${text}" does not fit the type of the field`);
    return typed;
  }

  #untyped(text: string): Json {
    const value = untypedScalar(text);
    if (value === undefined || text === '') throw new PathMatchError('an empty value or null cannot be written here');
    if (plainText(value) !== text) throw new PathMatchError(`the spelling of "${text}" would change`);
    return value;
  }

  #fail(message: string): never {
    return fail({ ...this.#replacement.origin, message: `replacement: ${message}` });
  }
}

function put(resource: Resource | null, place: Place, value: Json): void {
  const { holder, key } = place;
  if (Array.isArray(holder)) holder[Number(key)] = value;
  // Labels that one transformer set in several places change everywhere.
  else if (resource !== null && isScalar(value)) resource.shared.write(holder, String(key), value);
  else holder[key] = value;
}

function joined(present: string, { delimiter, index }: FieldOptions, text: string): string {
  const parts = present.split(delimiter);
  if (index < 0) parts.unshift(text);
  else if (index >= parts.length) parts.push(text);
  else parts[index] = text;
  return parts.join(delimiter);
}

function kindOf(value: Json): CreatedKind {
  if (Array.isArray(value)) return 'list';
  return isJsonObject(value) ? 'map' : 'scalar';
}

function isEmpty(value: Json): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

/** All ids of a resource, with namespaces as they are written. */
function writtenIds(resource: Resource): { kind: string; name: string; namespace: string }[] {
  const { kind } = resource.object;
  return [{ kind, name: resource.name, namespace: resource.namespace }, ...resource.previous];
}

function isSource(resource: Resource, source: ReplacementSource): boolean {
  const { group, version } = resource.gvk;
  return writtenIds(resource).some(
    (id) =>
      (source.name === '' || source.name === id.name) &&
      (source.namespace === '' || source.namespace === (id.namespace || 'default')) &&
      isSelectedBy({ group, version, kind: id.kind }, source),
  );
}

/** Tells which resources a target is about. */
function selector(target: ReplacementTarget, { origin }: Replacement): (resource: Resource) => boolean {
  const select = targetMatcher(target.select, origin);
  const rejects = target.reject.map((reject) => ({
    ...targetMatcher(reject, origin),
    hasId: ['group', 'version', 'kind', 'name', 'namespace'].some((key) => Boolean(reject[key as keyof typeof reject])),
    hasSelectors: Boolean(reject.labelSelector) || Boolean(reject.annotationSelector),
  }));
  return (resource) => {
    if (!select.matchesMetadata(resource.object)) return false;
    const { group, version } = resource.gvk;
    const ids = writtenIds(resource).map((id) => ({ group, version, ...id }));
    const isRejected = rejects.some(
      (reject) =>
        (reject.hasSelectors && reject.matchesMetadata(resource.object)) ||
        (reject.hasId && ids.some((id) => reject.matchesId(id))),
    );
    return !isRejected && ids.some((id) => select.matchesId(id));
  };
}
