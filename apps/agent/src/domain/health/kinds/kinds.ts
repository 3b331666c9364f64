import type { JsonObject, ObjectId } from '@fairlead/manifests';
import type { HealthFacts, ObjectHealth } from '../object-health.ts';
import { podHealth } from '../pods.ts';
import { daemonSetHealth, deploymentHealth, jobHealth, replicaSetHealth, statefulSetHealth } from '../workloads.ts';
import { gatewayHealth, routeHealth } from './gateway-api.ts';
import type { KindRule } from './kind-rule.ts';
import { judge, statusMark } from './kind-rule.ts';
import {
  apiServiceHealth,
  autoscalerHealth,
  claimHealth,
  cronJobHealth,
  definitionHealth,
  ingressHealth,
  namespaceHealth,
  serviceHealth,
} from './kubernetes.ts';
import { thirdPartyRules } from './third-party.ts';
import { policyHealth, policyMark, tykHealth, tykRules } from './tyk.ts';

type Kind = Pick<ObjectId, 'group' | 'kind'>;
type Rule = (object: JsonObject, facts: HealthFacts) => ObjectHealth;

interface Entry {
  readonly rule: Rule;
  /** Nothing to look at: healthy once it is applied. */
  readonly isPlain: boolean;
  readonly marked: Pick<KindRule, 'mark'> | null;
}

const entries = new Map<string, Entry>();
const code = (kind: string, rule: Rule, marked: Entry['marked'] = null) =>
  entries.set(kind, { rule, isPlain: false, marked });

code('apps/Deployment', deploymentHealth);
code('apps/StatefulSet', statefulSetHealth);
code('apps/DaemonSet', daemonSetHealth);
code('apps/ReplicaSet', replicaSetHealth);
code('batch/Job', jobHealth);
code('batch/CronJob', cronJobHealth);
code('/Pod', podHealth);
code('/PersistentVolumeClaim', claimHealth);
code('/Service', serviceHealth);
code('/Namespace', namespaceHealth);
code('networking.k8s.io/Ingress', ingressHealth);
code('autoscaling/HorizontalPodAutoscaler', autoscalerHealth);
code('apiextensions.k8s.io/CustomResourceDefinition', definitionHealth);
code('apiregistration.k8s.io/APIService', apiServiceHealth);
for (const kind of ['GatewayClass', 'Gateway']) code(`gateway.networking.k8s.io/${kind}`, gatewayHealth);
for (const kind of ['HTTPRoute', 'GRPCRoute', 'TLSRoute', 'TCPRoute', 'UDPRoute'])
  code(`gateway.networking.k8s.io/${kind}`, routeHealth);
code('tyk.tyk.io/SecurityPolicy', policyHealth, policyMark);
for (const rule of [...thirdPartyRules, ...tykRules]) {
  const isTyk = tykRules.includes(rule);
  for (const kind of rule.kinds)
    entries.set(kind, {
      rule: (object, facts) => (isTyk ? tykHealth(rule, object, facts) : judge(rule, object, facts)),
      isPlain: rule.otherwise === 'current' && rule.failed === undefined && rule.progressing === undefined,
      marked: rule.mark === undefined ? null : rule,
    });
}

/** Whether the kind has a rule of its own that looks at the object. */
export function hasKindRule(id: Kind): boolean {
  return entryOf(id)?.isPlain === false;
}

/** Whether the kind is known to write nothing that says how it is. */
export function isPlain(id: Kind): boolean {
  return entryOf(id)?.isPlain === true;
}

/** Health by the rule of the kind; null when it has none. */
export function kindHealth(id: Kind, object: JsonObject, facts: HealthFacts): ObjectHealth | null {
  return entryOf(id)?.rule(object, facts) ?? null;
}

/** What the status of an object says about when it was written; null for kinds whose status names its generation. */
export function markOf(id: Kind, object: JsonObject): string | null {
  const marked = entryOf(id)?.marked ?? null;
  return marked === null ? null : statusMark(marked, object);
}

/** Whether the status of the kind does not name the generation it is about. */
export function isMarkedKind(id: Kind): boolean {
  return (entryOf(id)?.marked ?? null) !== null;
}

const found = new Map<string, Entry | null>();

// Asked for with every event of every watch.
function entryOf(id: Kind): Entry | null {
  const key = `${id.group}/${id.kind}`;
  let entry = found.get(key);
  if (entry === undefined) found.set(key, (entry = findEntry(id)));
  return entry;
}

function findEntry({ group, kind }: Kind): Entry | null {
  const groups = [group];
  for (let dot = group.indexOf('.'); dot >= 0; dot = group.indexOf('.', dot + 1)) groups.push(`*${group.slice(dot)}`);
  for (const each of groups) {
    const entry = entries.get(`${each}/${kind}`) ?? entries.get(`${each}/*`);
    if (entry !== undefined) return entry;
  }
  return null;
}
