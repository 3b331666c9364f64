import type { JsonObject } from '@fairlead/manifests';
import { objectHealth } from '../rules.ts';

const health = (group: string, kind: string, object: JsonObject) =>
  objectHealth({ group, kind }, { metadata: { name: 'x', generation: 1 }, ...object });
const conditions = (...list: JsonObject[]): JsonObject => ({ status: { conditions: list } });

describe('health of kinds of Kubernetes', () => {
  it('[case 113] shows a claim that is not bound without waiting for it alone, and fails a lost one', () => {
    const claim = (phase: string) => health('', 'PersistentVolumeClaim', { status: { phase } });
    expect(claim('Pending')).toMatchObject({ state: 'progressing', isAdvisory: true });
    expect(claim('Lost').state).toBe('failed');
    expect(claim('Lost').isAdvisory).toBeUndefined();
    expect(claim('Bound').state).toBe('current');
  });

  it('[case 114] shows a load balancer without an address without waiting for it; other Services are well', () => {
    const service = (spec: JsonObject, status: JsonObject = {}) => health('', 'Service', { spec, status });
    expect(service({ type: 'LoadBalancer' })).toMatchObject({ state: 'progressing', isAdvisory: true });
    expect(service({ type: 'LoadBalancer' }, { loadBalancer: { ingress: [{ ip: '192.0.2.1' }] } }).state).toBe(
      'current',
    );
    expect(service({ type: 'ExternalName', externalName: 'db.example' }).state).toBe('current');
    expect(service({ type: 'ClusterIP' }).state).toBe('current');
  });

  it('[case 115] waits for an APIService until somebody answers for it', () => {
    const service = (object: JsonObject) => health('apiregistration.k8s.io', 'APIService', object);
    const missing = { type: 'Available', status: 'False', reason: 'MissingEndpoints', message: 'no endpoints' };
    expect(service(conditions(missing))).toMatchObject({ state: 'progressing', reason: 'MissingEndpoints' });
    expect(service({}).state).toBe('progressing');
    expect(service(conditions({ type: 'Available', status: 'True' })).state).toBe('current');
  });

  it('[case 116] shows an Ingress without an address, and takes any entry as one', () => {
    const ingress = (list: JsonObject[]) =>
      health('networking.k8s.io', 'Ingress', { status: { loadBalancer: { ingress: list } } });
    expect(ingress([])).toMatchObject({ state: 'progressing', isAdvisory: true });
    expect(ingress([{}]).state).toBe('current');
  });

  it('[case 117] fails an autoscaler without metrics, and not one that reached its limit', () => {
    const scaler = (...list: JsonObject[]) => health('autoscaling', 'HorizontalPodAutoscaler', conditions(...list));
    const able = { type: 'AbleToScale', status: 'True', reason: 'SucceededGetScale' };
    const blind = { type: 'ScalingActive', status: 'False', reason: 'FailedGetResourceMetric', message: 'no metrics' };
    expect(scaler(able, blind)).toMatchObject({ state: 'failed', reason: 'FailedGetResourceMetric' });
    const limited = { type: 'ScalingLimited', status: 'True', reason: 'TooFewReplicas' };
    expect(scaler(able, { type: 'ScalingActive', status: 'True' }, limited).state).toBe('current');
    expect(scaler({ type: 'AbleToScale', status: 'False', reason: 'FailedGetScale' }).state).toBe('failed');
    expect(scaler().state).toBe('progressing');
  });

  it('shows a CronJob whose last run failed, and does not hold anything up by it', () => {
    const cron = (status: JsonObject, spec: JsonObject = {}) => health('batch', 'CronJob', { spec, status });
    const run = { lastScheduleTime: '2026-01-02T00:00:00Z', lastSuccessfulTime: '2026-01-01T00:00:00Z' };
    expect(cron({}).state).toBe('current');
    expect(cron(run)).toMatchObject({ state: 'failed', isAdvisory: true });
    expect(cron({ ...run, active: [{ name: 'now' }] }).state).toBe('current');
    expect(cron({ ...run, lastSuccessfulTime: '2026-01-02T00:01:00Z' }).state).toBe('current');
    expect(cron({}, { suspend: true }).state).toBe('suspended');
  });

  it('fails a definition that will never be served as it is', () => {
    const definition = (...list: JsonObject[]) =>
      health('apiextensions.k8s.io', 'CustomResourceDefinition', conditions(...list));
    const established = { type: 'Established', status: 'True' };
    expect(definition({ type: 'Established', status: 'False', reason: 'Installing' }).state).toBe('progressing');
    expect(definition({ type: 'NamesAccepted', status: 'False', reason: 'ListKindConflict' }).state).toBe('failed');
    expect(definition(established, { type: 'NonStructuralSchema', status: 'True' })).toMatchObject({
      state: 'failed',
      reason: 'NonStructuralSchema',
    });
    expect(definition(established).state).toBe('current');
  });
});
