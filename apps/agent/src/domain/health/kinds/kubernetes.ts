import type { JsonObject } from '@fairlead/manifests';
import { fieldAt } from '@fairlead/manifests';
import type { ObjectHealth } from '../object-health.ts';
import { condition, current, failed, progressing, suspended, text } from '../object-health.ts';

const advisory = (health: ObjectHealth): ObjectHealth => ({ ...health, isAdvisory: true });

/** A claim that waits for its first consumer waits for a Pod of the same app: only the Pod is waited for. */
export function claimHealth(object: JsonObject): ObjectHealth {
  const phase = text(fieldAt(object, ['status', 'phase']));
  if (phase === 'Lost') return failed('Lost', 'the volume of the claim is lost');
  return phase === 'Bound' ? current : advisory(progressing('NotBound', 'the claim is not bound'));
}

/** An address may take minutes or never come; nothing else of the app can depend on it. */
export function serviceHealth(object: JsonObject): ObjectHealth {
  if (fieldAt(object, ['spec', 'type']) !== 'LoadBalancer' || hasAddress(object)) return current;
  return advisory(progressing('NoAddress', 'the load balancer has no address yet'));
}

/** Some controllers never write the address. */
export function ingressHealth(object: JsonObject): ObjectHealth {
  return hasAddress(object) ? current : advisory(progressing('NoAddress', 'no controller has given it an address'));
}

function hasAddress(object: JsonObject): boolean {
  const ingress = fieldAt(object, ['status', 'loadBalancer', 'ingress']);
  return Array.isArray(ingress) && ingress.length > 0;
}

export function namespaceHealth(object: JsonObject): ObjectHealth {
  return fieldAt(object, ['status', 'phase']) === 'Terminating'
    ? progressing('Terminating', 'the namespace is being deleted')
    : current;
}

export function definitionHealth(object: JsonObject): ObjectHealth {
  const names = condition(object, 'NamesAccepted');
  if (names?.status === 'False') return failed(names.reason || 'NamesNotAccepted', names.message);
  const established = condition(object, 'Established');
  const loose = condition(object, 'NonStructuralSchema');
  if (loose?.status === 'True') return failed('NonStructuralSchema', loose.message);
  if (established?.status === 'True') return current;
  if (established !== null && established.reason !== 'Installing')
    return failed(established.reason || 'NotEstablished', established.message);
  return progressing('Installing', 'the definition is not established yet');
}

export function apiServiceHealth(object: JsonObject): ObjectHealth {
  const available = condition(object, 'Available');
  return available?.status === 'True'
    ? current
    : progressing(available?.reason || 'NotAvailable', available?.message || 'not available yet');
}

const brokenMetrics = /^(FailedGet.*Metric.*|FailedComputeMetricsReplicas|InvalidSelector|InvalidMetricSourceType)$/;

export function autoscalerHealth(object: JsonObject): ObjectHealth {
  const able = condition(object, 'AbleToScale');
  if (able?.status === 'False' && /^(FailedGetScale|FailedUpdateScale)$/.test(able.reason))
    return failed(able.reason, able.message);
  const active = condition(object, 'ScalingActive');
  if (active?.status === 'False' && brokenMetrics.test(active.reason)) return failed(active.reason, active.message);
  if (able?.status === 'True' || condition(object, 'ScalingLimited')?.status === 'True') return current;
  return progressing(able?.reason || 'NotObserved', able?.message || 'its controller has not looked at it yet');
}

/** The schedule itself is well; that its last run failed is for people to know. */
export function cronJobHealth(object: JsonObject): ObjectHealth {
  if (fieldAt(object, ['spec', 'suspend']) === true) return suspended('the CronJob is suspended');
  const active = fieldAt(object, ['status', 'active']);
  const scheduled = Date.parse(text(fieldAt(object, ['status', 'lastScheduleTime'])));
  const succeeded = Date.parse(text(fieldAt(object, ['status', 'lastSuccessfulTime'])));
  const isRunning = Array.isArray(active) && active.length > 0;
  if (isRunning || Number.isNaN(scheduled) || succeeded >= scheduled) return current;
  return advisory(failed('LastRunFailed', 'the last run did not succeed'));
}
