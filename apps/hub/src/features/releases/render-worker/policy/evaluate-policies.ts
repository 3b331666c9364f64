import { fieldAt, fieldOf, isJsonObject, type Json, type JsonObject, type KubeObject } from '@fairlead/manifests';
import { matchesSelector, type AppManifest, type Policy, type PolicyExemption } from '@fairlead/render';
import type { Finding } from '@fairlead/shared/contracts';
import type { ClusterToRender } from '../protocol.ts';
import { compileExpression, firstLine, type PolicyFacts } from './expression.ts';
import { starterPack } from './starter-pack.ts';

export interface PolicyQuestion {
  readonly policies: readonly Policy[];
  readonly app: AppManifest;
  readonly cluster: ClusterToRender;
  readonly objects: readonly KubeObject[];
  readonly origins: readonly { readonly file: string; readonly line?: number }[];
  /** The day to hold exemptions against, `YYYY-MM-DD` (UTC). */
  readonly today: string;
}

export interface PolicyVerdict {
  /** What policies with `deny` say. */
  readonly denied: readonly Finding[];
  /** What the others say. */
  readonly told: readonly Finding[];
}

/** Asks every policy about every object of a target. An expression that cannot be computed counts as not held. */
export function evaluatePolicies(question: PolicyQuestion): PolicyVerdict {
  const denied: Finding[] = [];
  const told: Finding[] = [];
  for (const policy of question.policies) {
    if (!concerns(policy, question)) continue;
    const starter = policy.use === null ? undefined : starterPack[policy.use];
    const kinds = policy.kinds.length > 0 ? policy.kinds : (starter?.kinds ?? []);
    const rules = [...(starter?.rules ?? []), ...policy.rules];
    const params = { ...starter?.params, ...policy.params };
    question.objects.forEach((object, index) => {
      if (kinds.length > 0 && !kinds.includes(object.kind)) return;
      if (policy.exemptions.some((exemption) => isExempt(exemption, object, question))) return;
      const facts = factsOf(question, object, params);
      for (const rule of rules) {
        const problem = broken(rule.expression, facts);
        if (problem === null) continue;
        const words = `${object.kind} "${object.metadata.name}": policy "${policy.name}"`;
        const suffix = policy.action === 'deny' ? '' : ` (${policy.action})`;
        const { file = policy.file, line = null } = question.origins[index] ?? {};
        const finding = {
          file,
          line,
          column: null,
          message: `${words}${suffix}: ${problem === '' ? rule.message : `cannot be computed: ${problem}`}`,
          hint: `the policy stands in ${policy.file}`,
        };
        (policy.action === 'deny' ? denied : told).push(finding);
      }
    });
  }
  return { denied, told };
}

/** Facts of the cluster and of the calendar that the verdict depends on, by the names traces give them. */
export function policyFactNames(policies: readonly Policy[]): string[] {
  return policies.flatMap((policy) => [
    ...(asksForCluster(policy) ? ['cluster.*'] : []),
    ...policy.exemptions.flatMap(({ until, clusters }) => [
      ...(until === null ? [] : [`until.${until}`]),
      ...(clusters.length > 0 ? ['cluster.name'] : []),
    ]),
  ]);
}

/** A policy that names something that does not come with Fairlead, as a finding. */
export function unknownStarter(policy: Policy): string | null {
  if (policy.use === null || Object.hasOwn(starterPack, policy.use)) return null;
  return `policy "${policy.name}": there is no policy "${policy.use}" to use; there are ${Object.keys(starterPack).join(', ')}`;
}

function asksForCluster({ clusters, rules }: Policy): boolean {
  const selects = Object.keys(clusters.matchLabels).length > 0 || clusters.matchExpressions.length > 0;
  return selects || rules.some(({ expression }) => /\bcluster\b/.test(expression));
}

function concerns(policy: Policy, { app, cluster }: PolicyQuestion): boolean {
  if (policy.apps.length > 0 && !policy.apps.includes(app.name)) return false;
  return matchesSelector(policy.clusters, cluster.labels);
}

function isExempt(exemption: PolicyExemption, object: KubeObject, { app, cluster, today }: PolicyQuestion): boolean {
  const isFor = (names: readonly string[], name: string) => names.length === 0 || names.includes(name);
  return (
    (exemption.until === null || today <= exemption.until) &&
    isFor(exemption.apps, app.name) &&
    isFor(exemption.clusters, cluster.name) &&
    isFor(exemption.objects, `${object.kind}/${object.metadata.name}`)
  );
}

/** Null when the expression holds, else why it could not be computed, or an empty text when it is just not so. */
function broken(expression: string, facts: PolicyFacts): string | null {
  try {
    return compileExpression(expression)(facts) ? null : '';
  } catch (error) {
    return firstLine(error);
  }
}

function factsOf({ app, cluster, objects }: PolicyQuestion, object: KubeObject, params: JsonObject): PolicyFacts {
  const pod = podOf(object);
  const { name, labels, annotations, kubernetesVersion } = cluster;
  return {
    object: withoutValues(object),
    objects: objects.map(withoutValues),
    pod,
    containers: ['initContainers', 'containers', 'ephemeralContainers'].flatMap((field) => {
      const list = fieldOf(pod, field);
      return Array.isArray(list) ? list : [];
    }),
    cluster: { name, labels: { ...labels }, annotations: { ...annotations }, kubernetesVersion },
    app: { name: app.name, namespace: app.namespace, labels: { ...app.labels } },
    params,
  };
}

const shown = new WeakMap<KubeObject, KubeObject>();

/** Values of Secrets are nothing a policy may print. */
function withoutValues(object: KubeObject): KubeObject {
  if (object.kind !== 'Secret') return object;
  let bare = shown.get(object);
  if (bare === undefined) {
    const { data: _data, stringData: _text, ...rest } = object;
    shown.set(object, (bare = rest as KubeObject));
  }
  return bare;
}

function podOf(object: KubeObject): Json {
  if (object.kind === 'Pod') return fieldOf(object, 'spec') ?? null;
  const template = object.kind === 'CronJob' ? ['spec', 'jobTemplate', 'spec', 'template'] : ['spec', 'template'];
  const spec = fieldAt(object, [...template, 'spec']);
  return isJsonObject(spec) && Array.isArray(fieldOf(spec, 'containers')) ? spec : null;
}
