import { fail } from '../finding.ts';
import { CopyBudget } from './copy-budget.ts';
import type { MergeShapes } from './merge-shape.ts';
import { builtinShapes } from './merge-shape.ts';
import type { Resource, ResourceId } from './resource.ts';
import { describeId } from './resource.ts';

/** The resources of a build, in order; no two have the same present id. */
export class ResourceSet {
  /** How merge patches treat the lists of its objects. */
  readonly shapes: MergeShapes;
  readonly budget: CopyBudget;
  #resources: Resource[] = [];

  constructor(shapes: MergeShapes = builtinShapes, budget = new CopyBudget()) {
    this.shapes = shapes;
    this.budget = budget;
  }

  get resources(): readonly Resource[] {
    return this.#resources;
  }

  append(resource: Resource): void {
    const { key } = resource.id;
    refuseDouble(
      resource,
      this.#resources.find((present) => present.id.key === key),
    );
    this.#resources.push(resource);
  }

  appendAll(resources: readonly Resource[]): void {
    const present = new Map(this.#resources.map((resource) => [resource.id.key, resource]));
    for (const resource of resources) {
      const { key } = resource.id;
      refuseDouble(resource, present.get(key));
      present.set(key, resource);
      this.#resources.push(resource);
    }
  }

  /** Puts another list of resources in place of the present one; equal ids are refused. */
  replaceAll(resources: readonly Resource[]): void {
    this.#resources = [];
    this.appendAll(resources);
  }

  replace(old: Resource, resource: Resource): void {
    this.#resources = this.#resources.map((present) => (present === old ? resource : present));
  }

  /** Resources that have, or once had, an id. */
  withAnyId(id: ResourceId): Resource[] {
    return this.#resources.filter(
      (resource) => resource.id.key === id.key || resource.previousIds.some((previous) => previous.key === id.key),
    );
  }
}

function refuseDouble(resource: Resource, present: Resource | undefined): void {
  if (present === undefined) return;
  fail({ ...resource.origin, message: `${describeId(resource.id)} is there already, from ${present.origin.file}` });
}
