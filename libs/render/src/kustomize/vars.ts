import type { Json, JsonObject } from '@fairlead/manifests';
import { isJsonObject } from '@fairlead/manifests';
import { fail } from '../finding.ts';
import type { CopyBudget } from './copy-budget.ts';
import type { FieldSpec } from './field-path.ts';
import { FieldPathError, visitField } from './field-path.ts';
import type { Gvk } from './gvk.ts';
import { lookUp, stepsOf } from './path-lookup.ts';
import type { Resource } from './resource.ts';
import type { ResourceSet } from './resource-set.ts';
import type { Scalar } from './scalar-text.ts';
import { isScalar, plainText } from './scalar-text.ts';

/** A name that stands for a field of an object: `$(NAME)`. */
export interface Var {
  readonly name: string;
  readonly object: Gvk & { readonly name: string; readonly namespace: string };
  readonly fieldPath: string;
  /** The kustomization it stands in. */
  readonly file: string;
}

/** Finds the object of each new variable, and refuses names that are taken. */
export function declareVars(known: readonly Var[], fresh: readonly Var[], resources: readonly Resource[]): Var[] {
  for (const variable of fresh) {
    const matches = resources.filter((resource) => isMeant(resource, variable));
    if (matches.length > 1)
      fail({ file: variable.file, message: `the var "${variable.name}" could mean several objects` });
    matches[0]?.varNames.push(variable.name);
  }
  return joinVars(known, fresh);
}

/** Puts the variables of two kustomizations together. */
export function joinVars(known: readonly Var[], more: readonly Var[]): Var[] {
  const joined = [...known];
  for (const variable of more) {
    if (joined.some(({ name }) => name === variable.name))
      fail({ file: variable.file, message: `there is already a var "${variable.name}"` });
    joined.push(variable);
  }
  return joined;
}

function isMeant(resource: Resource, { object }: Var): boolean {
  const wanted = object.namespace === '' ? null : object.namespace;
  return [resource.id, ...resource.previousIds].some(
    (id) =>
      id.name === object.name &&
      id.kind === object.kind &&
      id.group === object.group &&
      id.version === object.version &&
      (wanted === null || id.namespace === wanted),
  );
}

type Values = ReadonlyMap<string, Scalar | null>;

/** Writes the values of variables into the fields that may have them; `isRespelled` tells texts that are lost. */
export function resolveVars(
  vars: readonly Var[],
  { resources, budget }: ResourceSet,
  fields: readonly FieldSpec[],
  isRespelled: (value: Json) => boolean,
): void {
  if (vars.length === 0) return;
  const values: Values = new Map(vars.map((variable) => [variable.name, valueOf(variable, resources, isRespelled)]));
  for (const resource of resources) {
    for (const field of fields) new Substitution(resource, field, values, budget).apply();
  }
}

/** The value of a variable; null for maps and lists, which are not written anywhere. */
function valueOf(variable: Var, resources: readonly Resource[], isRespelled: (value: Json) => boolean): Scalar | null {
  const holder = resources.find((resource) => resource.varNames.includes(variable.name));
  const complain = (message: string): never =>
    fail({ file: variable.file, message: `var "${variable.name}": ${message}` });
  if (holder === undefined) return complain('its object is not there');
  const value = lookUp(holder.object, varSteps(variable.fieldPath));
  if (value === undefined) return complain(`its object has no field "${variable.fieldPath}"`);
  if (!isScalar(value)) return null;
  if (isRespelled(value)) return complain('the spelling of its value would change; write it in quotes');
  return value;
}

function varSteps(path: string): string[] {
  return stepsOf(path).flatMap((step) => {
    const match = /^(.*)\[(\d+)\]$/.exec(step);
    if (match === null) return [step];
    const [, name = '', index = ''] = match;
    return name === '' ? [index] : [name, index];
  });
}

class Substitution {
  readonly #resource: Resource;
  readonly #field: FieldSpec;
  readonly #values: Values;
  readonly #budget: CopyBudget;

  constructor(resource: Resource, field: FieldSpec, values: Values, budget: CopyBudget) {
    this.#budget = budget;
    this.#resource = resource;
    this.#field = field;
    this.#values = values;
  }

  apply(): void {
    visitField(this.#resource.object, this.#field, 'none', (value) => {
      if (typeof value === 'string') return this.#replaced(value);
      if (Array.isArray(value)) return value.map((item) => this.#item(item));
      if (isJsonObject(value)) this.#entries(value);
      return undefined;
    });
  }

  #item(item: Json): Json {
    if (typeof item !== 'string')
      throw new FieldPathError(`a list at "${this.#field.path}" has an item that is no text`);
    return this.#replaced(item);
  }

  #entries(map: JsonObject): void {
    for (const [key, value] of Object.entries(map)) {
      if (typeof value !== 'string' || !value.includes('$')) continue;
      const replaced = this.#replaced(value);
      if (replaced !== value) this.#resource.shared.write(map, key, replaced);
    }
  }

  #replaced(text: string): Json {
    if (!text.includes('$')) return text;
    return replaceVars(text, this.#values, (size) => {
      this.#budget.spend(size, this.#resource.origin.file);
    });
  }
}

const reference = /\$(?:\$|\(([^)]*)\))/g;

/** Replaces `$(NAME)` and turns `$$` into `$`; a text that is one reference takes over the type. */
function replaceVars(text: string, values: Values, spend: (size: number) => void): Json {
  const whole = /^\$\(([^)]*)\)$/.exec(text)?.[1];
  const exact = whole === undefined ? undefined : values.get(whole);
  if (exact !== undefined && exact !== null) return exact;
  return text.replaceAll(reference, (all: string, name: string | undefined) => {
    if (name === undefined) return '$';
    const value = values.get(name);
    if (value === undefined || value === null) return all;
    const written = plainText(value);
    spend(written.length);
    return written;
  });
}
