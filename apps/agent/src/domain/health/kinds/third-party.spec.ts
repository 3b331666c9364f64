import type { JsonObject } from '@fairlead/manifests';
import { noFacts } from '../object-health.ts';
import { hasHealthRule, objectHealth } from '../rules.ts';

const condition = (type: string, status: string, reason = '', observedGeneration?: number): JsonObject => ({
  type,
  status,
  reason,
  message: `${type} ${status}`,
  ...(observedGeneration === undefined ? {} : { observedGeneration }),
});
const conditions = (...list: JsonObject[]): JsonObject => ({ status: { conditions: list } });
const ready = conditions(condition('Ready', 'True'));
const notReady = conditions(condition('Ready', 'False', 'Error'));
const phase = (value: string): JsonObject => ({ status: { phase: value } });

describe('health of custom resources of others', () => {
  it.each<[string, string, JsonObject, string]>([
    [
      'cert-manager.io',
      'Certificate',
      conditions(condition('Issuing', 'True'), condition('Ready', 'False')),
      'progressing',
    ],
    ['cert-manager.io', 'Certificate', {}, 'progressing'],
    ['cert-manager.io', 'Certificate', notReady, 'failed'],
    ['cert-manager.io', 'Certificate', ready, 'current'],
    ['cert-manager.io', 'ClusterIssuer', notReady, 'failed'],
    ['cert-manager.io', 'CertificateRequest', conditions(condition('Ready', 'False', 'Pending')), 'progressing'],
    ['cert-manager.io', 'CertificateRequest', conditions(condition('Denied', 'True')), 'failed'],
    ['acme.cert-manager.io', 'Order', { status: { state: 'pending' } }, 'progressing'],
    ['acme.cert-manager.io', 'Order', { status: { state: 'invalid', reason: 'no such host' } }, 'failed'],
    ['external-secrets.io', 'ExternalSecret', {}, 'progressing'],
    ['external-secrets.io', 'ExternalSecret', conditions(condition('Ready', 'False', 'SecretSyncedError')), 'failed'],
    ['external-secrets.io', 'ExternalSecret', ready, 'current'],
    ['external-secrets.io', 'ClusterSecretStore', notReady, 'failed'],
    ['argoproj.io', 'Rollout', { status: { phase: 'Progressing', observedGeneration: '3' } }, 'progressing'],
    ['argoproj.io', 'Rollout', { status: { phase: 'Paused', message: 'CanaryPauseStep' } }, 'suspended'],
    ['argoproj.io', 'Rollout', phase('Degraded'), 'failed'],
    ['argoproj.io', 'Rollout', phase('Healthy'), 'current'],
    ['argoproj.io', 'AnalysisRun', phase('Inconclusive'), 'failed'],
    [
      'argoproj.io',
      'Application',
      { status: { health: { status: 'Healthy' }, sync: { status: 'OutOfSync' } } },
      'progressing',
    ],
    [
      'argoproj.io',
      'Application',
      { status: { health: { status: 'Healthy' }, sync: { status: 'Synced' } } },
      'current',
    ],
    ['argoproj.io', 'Application', { status: { health: { status: 'Degraded' } } }, 'failed'],
    [
      'kustomize.toolkit.fluxcd.io',
      'Kustomization',
      conditions(condition('Ready', 'False', 'DependencyNotReady')),
      'progressing',
    ],
    [
      'kustomize.toolkit.fluxcd.io',
      'Kustomization',
      conditions(condition('Ready', 'Unknown', 'Progressing')),
      'progressing',
    ],
    ['helm.toolkit.fluxcd.io', 'HelmRelease', conditions(condition('Ready', 'False', 'InstallFailed')), 'failed'],
    ['helm.toolkit.fluxcd.io', 'HelmRelease', { spec: { suspend: true }, ...notReady }, 'suspended'],
    ['source.toolkit.fluxcd.io', 'OCIRepository', ready, 'current'],
    ['keda.sh', 'ScaledObject', conditions(condition('Paused', 'True'), condition('Ready', 'True')), 'suspended'],
    ['keda.sh', 'ScaledObject', ready, 'current'],
    ['serving.knative.dev', 'Revision', conditions(condition('Ready', 'Unknown', 'Deploying')), 'progressing'],
    ['serving.knative.dev', 'Service', conditions(condition('Ready', 'False', 'RevisionFailed')), 'failed'],
    ['networking.istio.io', 'VirtualService', {}, 'current'],
    [
      'rds.aws.upbound.io',
      'Instance',
      conditions(condition('Synced', 'True'), condition('Ready', 'False', 'Creating')),
      'progressing',
    ],
    [
      'rds.aws.upbound.io',
      'Instance',
      conditions(condition('Synced', 'False', 'ReconcileError'), condition('Ready', 'True')),
      'failed',
    ],
    ['rds.aws.upbound.io', 'Instance', conditions(condition('Synced', 'True'), condition('Ready', 'True')), 'current'],
    ['kafka.strimzi.io', 'Kafka', conditions(condition('NotReady', 'True', 'Creating')), 'progressing'],
    ['kafka.strimzi.io', 'KafkaTopic', conditions(condition('NotReady', 'True', 'InvalidResource')), 'failed'],
    ['kafka.strimzi.io', 'Kafka', ready, 'current'],
    [
      'postgresql.cnpg.io',
      'Cluster',
      { status: { phase: 'Setting up primary', conditions: [condition('Ready', 'False')] } },
      'progressing',
    ],
    ['postgresql.cnpg.io', 'Cluster', ready, 'current'],
    ['cluster.x-k8s.io', 'Cluster', phase('Provisioning'), 'progressing'],
    ['cluster.x-k8s.io', 'Cluster', phase('Provisioned'), 'current'],
    ['cluster.x-k8s.io', 'Machine', { status: { phase: 'Running', failureReason: 'InsufficientResources' } }, 'failed'],
    ['cluster.x-k8s.io', 'MachineDeployment', phase('ScalingUp'), 'progressing'],
    [
      'monitoring.coreos.com',
      'Prometheus',
      conditions(condition('Reconciled', 'True'), condition('Available', 'Degraded')),
      'progressing',
    ],
    [
      'monitoring.coreos.com',
      'Prometheus',
      conditions(condition('Available', 'True'), condition('Reconciled', 'True')),
      'current',
    ],
    [
      'monitoring.coreos.com',
      'Alertmanager',
      conditions(condition('Reconciled', 'False', 'InvalidConfiguration')),
      'failed',
    ],
    ['velero.io', 'Backup', phase('InProgress'), 'progressing'],
    ['velero.io', 'Backup', phase('PartiallyFailed'), 'failed'],
    ['velero.io', 'Restore', phase('Completed'), 'current'],
    ['velero.io', 'Schedule', phase('Enabled'), 'current'],
    ['bitnami.com', 'SealedSecret', conditions(condition('Synced', 'False')), 'failed'],
    ['metallb.io', 'IPAddressPool', {}, 'current'],
    ['longhorn.io', 'Volume', { status: { state: 'attached', robustness: 'faulted' } }, 'failed'],
    ['longhorn.io', 'Volume', { status: { state: 'attached', robustness: 'healthy' } }, 'current'],
    ['snapshot.storage.k8s.io', 'VolumeSnapshot', { status: { readyToUse: false } }, 'progressing'],
    ['snapshot.storage.k8s.io', 'VolumeSnapshot', { status: { error: { message: 'no space' } } }, 'failed'],
  ])('%s %s that says %j is %s', (group, kind, object, expected) => {
    expect(objectHealth({ group, kind }, { metadata: { name: 'x', generation: 3 }, ...object }, noFacts).state).toBe(
      expected,
    );
  });

  it('says why, in the words of the controller', () => {
    const state = { status: { state: 'invalid', reason: 'no such host' } };
    expect(objectHealth({ group: 'acme.cert-manager.io', kind: 'Order' }, state)).toEqual({
      state: 'failed',
      reason: 'Invalid',
      message: 'no such host',
    });
    expect(
      objectHealth({ group: 'cert-manager.io', kind: 'Issuer' }, conditions(condition('Ready', 'False', 'ErrInit'))),
    ).toEqual({
      state: 'failed',
      reason: 'ErrInit',
      message: 'Ready False',
    });
  });

  it('takes no condition for news that is about an earlier generation', () => {
    const old = { metadata: { generation: 3 }, ...conditions(condition('Ready', 'True', '', 2)) };
    expect(objectHealth({ group: 'external-secrets.io', kind: 'ExternalSecret' }, old)).toMatchObject({
      state: 'progressing',
      reason: 'NotObserved',
    });
  });

  it('does not look at kinds that never say anything', () => {
    expect(hasHealthRule({ group: 'networking.istio.io', kind: 'VirtualService' })).toBe(false);
    expect(hasHealthRule({ group: 'metallb.io', kind: 'BGPPeer' })).toBe(false);
    expect(hasHealthRule({ group: 'cert-manager.io', kind: 'Certificate' })).toBe(true);
  });
});
