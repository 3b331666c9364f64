import type { Json } from '@fairlead/manifests';
import { fieldAt, fieldOf } from '@fairlead/manifests';
import type { KubeClient } from '../../kube/kube-client.ts';
import { KubeError } from '../../kube/kube-error.ts';
import type { Resource } from '../../kube/resource.ts';

const definitions: Resource = {
  group: 'apiextensions.k8s.io',
  version: 'v1',
  plural: 'customresourcedefinitions',
  kind: 'CustomResourceDefinition',
  namespaced: false,
};
const keepMs = 300_000;

/** Whether kinds of custom resources have status conditions, by their definitions. Only the answer is kept. */
export class DefinitionFacts {
  readonly #kube: KubeClient;
  readonly #known = new Map<string, { readonly answer: Promise<boolean | null>; readonly askedAt: number }>();

  constructor(kube: KubeClient) {
    this.#kube = kube;
  }

  /** Null when it cannot be known: the definition may not be read, or does not say what is in a status. */
  declaresConditions(resource: Resource): Promise<boolean | null> {
    const key = `${resource.plural}.${resource.group}/${resource.version}`;
    const known = this.#known.get(key);
    if (known !== undefined && performance.now() - known.askedAt < keepMs) return known.answer;
    const answer = this.#read(resource).catch((error: unknown) => {
      this.#known.delete(key);
      if (error instanceof KubeError) return null;
      throw error;
    });
    this.#known.set(key, { answer, askedAt: performance.now() });
    return answer;
  }

  async #read({ group, plural, version }: Resource): Promise<boolean | null> {
    const definition = await this.#kube.get(definitions, { namespace: '', name: `${plural}.${group}` });
    const versions = fieldAt(definition ?? {}, ['spec', 'versions']);
    const served = (Array.isArray(versions) ? versions : []).find((entry) => fieldOf(entry, 'name') === version);
    if (served === undefined) return null;
    return schemaDeclares(fieldAt(served, ['schema', 'openAPIV3Schema']));
  }
}

function schemaDeclares(schema: Json | undefined): boolean | null {
  const status = fieldAt(schema ?? {}, ['properties', 'status']);
  if (status === undefined) return fieldOf(schema, 'x-kubernetes-preserve-unknown-fields') === true ? null : false;
  if (fieldAt(status, ['properties', 'conditions']) !== undefined) return true;
  return fieldOf(status, 'x-kubernetes-preserve-unknown-fields') === true ? null : false;
}
