import type { KindRule } from './kind-rule.ts';
import { at, atWith, when } from './kind-rule.ts';

const ready = when('Ready', 'True');
const notReady = when('Ready', 'False');
const kindsOf = (group: string, ...kinds: string[]) => kinds.map((kind) => `${group}/${kind}`);

/** Kinds that others define: what their status says when it is well, and when it is not. */
export const thirdPartyRules: readonly KindRule[] = [
  // cert-manager: a certificate that is being issued is not ready, and that is no failure.
  {
    kinds: kindsOf('cert-manager.io', 'Certificate'),
    progressing: [when('Issuing', 'True')],
    failed: [notReady],
    current: [ready],
  },
  { kinds: kindsOf('cert-manager.io', 'Issuer', 'ClusterIssuer'), failed: [notReady], current: [ready] },
  {
    kinds: kindsOf('cert-manager.io', 'CertificateRequest'),
    progressing: [when('Ready', 'False', 'Pending')],
    failed: [when('Denied', 'True'), when('InvalidRequest', 'True'), notReady],
    current: [ready],
  },
  {
    kinds: kindsOf('acme.cert-manager.io', 'Order', 'Challenge'),
    failed: [atWith('status.state', 'status.reason', 'invalid', 'expired', 'errored')],
    current: [at('status.state', 'valid')],
  },
  {
    kinds: kindsOf('external-secrets.io', 'ExternalSecret', 'ClusterExternalSecret', 'PushSecret'),
    failed: [notReady],
    current: [ready],
  },
  {
    kinds: kindsOf('external-secrets.io', 'SecretStore', 'ClusterSecretStore'),
    failed: [notReady],
    current: [ready],
  },
  {
    kinds: kindsOf('argoproj.io', 'Rollout'),
    suspended: [at('spec.paused', true), atWith('status.phase', 'status.message', 'Paused')],
    failed: [atWith('status.phase', 'status.message', 'Degraded'), when('InvalidSpec', 'True')],
    current: [at('status.phase', 'Healthy')],
  },
  {
    kinds: kindsOf('argoproj.io', 'AnalysisRun', 'Experiment'),
    failed: [atWith('status.phase', 'status.message', 'Failed', 'Error', 'Inconclusive')],
    current: [at('status.phase', 'Successful')],
  },
  {
    kinds: kindsOf('argoproj.io', 'Workflow'),
    suspended: [at('spec.suspend', true)],
    failed: [atWith('status.phase', 'status.message', 'Failed', 'Error')],
    current: [at('status.phase', 'Succeeded')],
  },
  {
    kinds: kindsOf('argoproj.io', 'Application'),
    suspended: [atWith('status.health.status', 'status.health.message', 'Suspended')],
    progressing: [at('status.operationState.phase', 'Running')],
    failed: [
      atWith('status.health.status', 'status.health.message', 'Degraded'),
      atWith('status.operationState.phase', 'status.operationState.message', 'Failed', 'Error'),
    ],
    current: [at('status.health.status', 'Healthy'), at('status.sync.status', 'Synced')],
  },
  {
    kinds: [
      ...kindsOf('kustomize.toolkit.fluxcd.io', 'Kustomization'),
      ...kindsOf('helm.toolkit.fluxcd.io', 'HelmRelease'),
      ...kindsOf('source.toolkit.fluxcd.io', '*'),
      ...kindsOf('image.toolkit.fluxcd.io', '*'),
    ],
    suspended: [at('spec.suspend', true)],
    progressing: [when('Ready', 'False', 'DependencyNotReady', 'Progressing', 'ProgressingWithRetry')],
    failed: [notReady],
    current: [ready],
  },
  {
    kinds: kindsOf('keda.sh', 'ScaledObject', 'ScaledJob'),
    suspended: [when('Paused', 'True')],
    failed: [notReady],
    current: [ready],
  },
  {
    kinds: kindsOf('serving.knative.dev', 'Service', 'Configuration', 'Revision', 'Route'),
    failed: [notReady],
    current: [ready],
  },
  // Istio, MetalLB, Traefik and monitors write nothing that says how they are.
  {
    kinds: [
      ...kindsOf('networking.istio.io', '*'),
      ...kindsOf('security.istio.io', '*'),
      ...kindsOf('telemetry.istio.io', '*'),
      ...kindsOf('metallb.io', '*'),
      ...kindsOf('traefik.io', '*'),
      ...kindsOf('monitoring.coreos.com', 'ServiceMonitor', 'PodMonitor', 'PrometheusRule', 'Probe', 'ScrapeConfig'),
    ],
    otherwise: 'current',
  },
  {
    kinds: kindsOf('pkg.crossplane.io', '*'),
    failed: [when('Installed', 'False'), when('Healthy', 'False')],
    current: [when('Installed', 'True'), when('Healthy', 'True')],
  },
  {
    kinds: kindsOf('apiextensions.crossplane.io', 'CompositeResourceDefinition'),
    current: [when('Established', 'True')],
  },
  { kinds: kindsOf('apiextensions.crossplane.io', '*'), otherwise: 'current' },
  {
    kinds: [
      ...kindsOf('*.crossplane.io', 'ProviderConfig', 'ProviderConfigUsage'),
      ...kindsOf('*.upbound.io', 'ProviderConfig', 'ProviderConfigUsage'),
    ],
    otherwise: 'current',
  },
  {
    kinds: [...kindsOf('*.crossplane.io', '*'), ...kindsOf('*.upbound.io', '*')],
    suspended: [when('Synced', 'False', 'ReconcilePaused')],
    failed: [when('Synced', 'False')],
    current: [when('Synced', 'True'), ready],
  },
  {
    kinds: kindsOf('kafka.strimzi.io', '*'),
    suspended: [when('ReconciliationPaused', 'True')],
    progressing: [when('NotReady', 'True', 'Creating')],
    failed: [when('NotReady', 'True'), notReady],
    current: [ready],
  },
  {
    kinds: kindsOf('postgresql.cnpg.io', 'Cluster'),
    suspended: [when('cnpg.io/hibernation', 'True')],
    failed: [
      atWith(
        'status.phase',
        'status.phaseReason',
        'Cluster is unrecoverable and needs manual intervention',
        'Unable to create required cluster objects',
        'Cluster cannot proceed to reconciliation due to an unknown plugin being required',
      ),
    ],
    current: [ready],
  },
  {
    kinds: kindsOf('acid.zalan.do', 'postgresql'),
    failed: [at('status.PostgresClusterStatus', 'CreateFailed', 'UpdateFailed', 'SyncFailed', 'Invalid')],
    current: [at('status.PostgresClusterStatus', 'Running')],
  },
  {
    kinds: kindsOf('cluster.x-k8s.io', 'Cluster'),
    suspended: [at('spec.paused', true)],
    failed: [atWith('status.failureReason', 'status.failureMessage'), at('status.phase', 'Failed')],
    current: [at('status.phase', 'Provisioned')],
  },
  {
    kinds: kindsOf('cluster.x-k8s.io', 'Machine', 'MachinePool', 'MachineDeployment'),
    failed: [atWith('status.failureReason', 'status.failureMessage'), at('status.phase', 'Failed')],
    current: [at('status.phase', 'Running')],
  },
  {
    kinds: kindsOf('monitoring.coreos.com', 'Prometheus', 'PrometheusAgent', 'Alertmanager', 'ThanosRuler'),
    suspended: [at('spec.paused', true)],
    failed: [when('Reconciled', 'False')],
    current: [when('Available', 'True'), when('Reconciled', 'True')],
  },
  {
    kinds: kindsOf('velero.io', 'Backup', 'Restore'),
    failed: [
      atWith(
        'status.phase',
        'status.failureReason',
        'Failed',
        'PartiallyFailed',
        'FailedValidation',
        'FinalizingPartiallyFailed',
        'WaitingForPluginOperationsPartiallyFailed',
      ),
    ],
    current: [at('status.phase', 'Completed')],
  },
  {
    kinds: kindsOf('velero.io', 'Schedule'),
    suspended: [at('spec.paused', true)],
    failed: [at('status.phase', 'FailedValidation')],
    current: [at('status.phase', 'Enabled')],
  },
  {
    kinds: kindsOf('velero.io', 'BackupStorageLocation'),
    failed: [atWith('status.phase', 'status.message', 'Unavailable')],
    current: [at('status.phase', 'Available')],
  },
  {
    kinds: kindsOf('bitnami.com', 'SealedSecret'),
    failed: [when('Synced', 'False')],
    current: [when('Synced', 'True')],
  },
  {
    kinds: kindsOf('longhorn.io', 'Volume'),
    progressing: [at('status.state', 'creating', 'attaching', 'detaching', 'deleting')],
    failed: [at('status.robustness', 'faulted')],
    current: [at('status.state', 'attached', 'detached')],
  },
  {
    kinds: kindsOf('snapshot.storage.k8s.io', 'VolumeSnapshot'),
    failed: [atWith('status.error', 'status.error.message')],
    current: [at('status.readyToUse', true)],
  },
  {
    kinds: kindsOf('projectcontour.io', 'HTTPProxy'),
    failed: [atWith('status.currentStatus', 'status.description', 'invalid', 'orphaned')],
    current: [at('status.currentStatus', 'valid')],
  },
  {
    kinds: kindsOf('elasticsearch.k8s.elastic.co', 'Elasticsearch'),
    failed: [at('status.phase', 'Invalid'), at('status.health', 'red')],
    current: [at('status.phase', 'Ready'), at('status.health', 'green')],
  },
  {
    kinds: kindsOf('rabbitmq.com', 'RabbitmqCluster'),
    failed: [when('ReconcileSuccess', 'False')],
    current: [when('AllReplicasReady', 'True'), when('ReconcileSuccess', 'True')],
  },
];
