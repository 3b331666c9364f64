import type { Json, JsonObject } from '@fairlead/manifests';
import { fieldAt, fieldOf } from '@fairlead/manifests';
import type { Condition, ObjectHealth } from '../object-health.ts';
import { condition, conditionIn, current, failed, progressing, text } from '../object-health.ts';

/** A Gateway (or its class) is well when it is accepted and programmed for the generation that is there now. */
export function gatewayHealth(object: JsonObject): ObjectHealth {
  const accepted = judgeCondition(condition(object, 'Accepted'), 'Accepted');
  if (accepted.state !== 'current') return accepted;
  const programmed = condition(object, 'Programmed');
  return programmed === null && fieldAt(object, ['kind']) !== 'Gateway'
    ? current
    : // An address that is assigned later comes by itself.
      judgeCondition(programmed, 'Programmed', /^(Pending|AddressNotAssigned|NoResources)$/);
}

/** A route is well when every parent it names has accepted it. What a parent said about an earlier generation does not count. */
export function routeHealth(object: JsonObject): ObjectHealth {
  const generation = fieldAt(object, ['metadata', 'generation']);
  const parents = list(fieldAt(object, ['status', 'parents']));
  const wanted = list(fieldAt(object, ['spec', 'parentRefs'])).length;
  const verdicts = parents.map((parent) => parentVerdict(parent, generation));
  const failure = verdicts.find((verdict) => verdict.state === 'failed');
  if (failure !== undefined) return failure;
  const motion = verdicts.find((verdict) => verdict.state === 'progressing');
  if (motion !== undefined) return motion;
  if (parents.length === 0 || parents.length < wanted)
    return progressing('NoParent', `${parents.length} of ${wanted} parents have answered`);
  return current;
}

function parentVerdict(parent: Json, generation: Json | undefined): ObjectHealth {
  const name = text(fieldAt(parent, ['parentRef', 'name']));
  const conditions = fieldOf(parent, 'conditions');
  const accepted = judgeCondition(conditionIn(conditions, 'Accepted', generation), `Accepted by ${name}`, /^Pending$/);
  if (accepted.state !== 'current') return accepted;
  const resolved = conditionIn(conditions, 'ResolvedRefs', generation);
  return resolved === null ? current : judgeCondition(resolved, `ResolvedRefs at ${name}`);
}

function judgeCondition(found: Condition | null, what: string, passing: RegExp | null = null): ObjectHealth {
  if (found === null) return progressing('NotObserved', `${what} is not known yet`);
  if (found.isOld) return progressing('NotObserved', `${what} is about an earlier version`);
  if (found.status === 'True') return current;
  const message = found.message || `${what} is ${found.status}`;
  const isPassing = found.status !== 'False' || (passing?.test(found.reason) ?? false);
  return isPassing ? progressing(found.reason || 'Pending', message) : failed(found.reason || 'NotAccepted', message);
}

function list(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}
