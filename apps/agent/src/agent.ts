import { mkdir, readFile } from 'node:fs/promises';
import { createHmac } from 'node:crypto';
import { CodedError } from '@fairlead/shared/kernel';
import { fieldAt } from '@fairlead/manifests';
import type { AgentConfig } from './config.ts';
import { holderName } from './holder.ts';
import type { SealingKeys } from './domain/apply/unseal.ts';
import { AccessTokens } from './hub/access-token.ts';
import { HubHttp } from './hub/hub-http.ts';
import { Identity, sealingKeyMap } from './hub/identity.ts';
import { HubSession } from './hub/session.ts';
import { SnapshotSource } from './hub/snapshot-source.ts';
import { SnapshotStore } from './hub/snapshot-store.ts';
import type { KubeEndpoint } from './kube/endpoint.ts';
import { KubeClient } from './kube/kube-client.ts';
import { jitteredBackoffMs, pause } from './kube/pause.ts';
import type { Resource } from './kube/resource.ts';
import { KubeTransport } from './kube/transport.ts';
import { errorFields } from './logger.ts';
import type { Logger } from './logger.ts';
import { DefinitionFacts } from './loop/health/definition-facts.ts';
import { watchSilence } from './loop/health/silence.ts';
import { InventoryStore } from './loop/state/inventory-store.ts';
import { MarkedObjects } from './loop/state/marked-objects.ts';
import { KindWatches } from './loop/watch/kind-watches.ts';
import { AgentLease, LeaseLost } from './loop/lease.ts';
import { Namespaces } from './loop/apply/namespaces.ts';
import { actingWithin } from './loop/tenancy/acting.ts';
import { ProgressStore } from './loop/state/progress-store.ts';
import { Targets } from './loop/targets.ts';

export const agentVersion = '0.1.0';
const namespaces: Resource = { group: '', version: 'v1', plural: 'namespaces', kind: 'Namespace', namespaced: false };

/** Runs the agent of one cluster until the signal. Throws only for what waiting cannot repair. */
export async function runAgent(config: AgentConfig, log: Logger, signal: AbortSignal): Promise<void> {
  await mkdir(config.stateDir, { recursive: true, mode: 0o700 });
  const transport = new KubeTransport(await clusterEndpoint(config), { timeoutMs: config.kubeTimeoutMs });
  const kube = new KubeClient(transport);
  try {
    const facts = await patiently('the cluster', () => clusterFacts(kube, config.namespace), log, signal);
    while (!signal.aborted) {
      const holder = await holderName(config.stateDir);
      const lease = new AgentLease({ kube, namespace: config.namespace, holder, log });
      await lease.acquire(signal);
      log.info('working', { cluster: config.clusterName, kubernetesVersion: facts.kubernetesVersion });
      const term = new AbortController();
      const either = AbortSignal.any([signal, term.signal]);
      const work = whileHolding({ config, log, kube, lease, facts }, either);
      try {
        const end = await Promise.race([lease.keep(either), work.then(() => 'stopped' as const)]);
        if (end === 'lost') log.warn('another agent took over');
      } finally {
        term.abort(new Error('the lease is over'));
        await work.catch(() => undefined);
        await lease.release();
      }
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    transport.close();
  }
}

interface Facts {
  readonly fingerprint: string;
  readonly kubernetesVersion: string;
}

interface Parts {
  readonly config: AgentConfig;
  readonly log: Logger;
  readonly kube: KubeClient;
  readonly lease: AgentLease;
  readonly facts: Facts;
}

async function whileHolding({ config, log, kube, lease, facts }: Parts, signal: AbortSignal): Promise<void> {
  const ca = config.hubCaFile === null ? null : await readFile(config.hubCaFile, 'utf8');
  const hub = new HubHttp({ hubUrl: config.hubUrl, ca });
  const identity = await patiently(
    'the identity of the agent',
    () => Identity.open(kube, config.namespace),
    log,
    signal,
  );
  const tokens = new AccessTokens(hub, identity);
  const snapshots = new SnapshotStore(config.stateDir);
  await snapshots.open();
  let sealingKeys: SealingKeys = identity.sealingKeys();

  const inventories = new InventoryStore(kube, config.namespace, agentVersion);
  const targets: Targets = new Targets((listener) => ({
    kube,
    source: new SnapshotSource(hub, tokens, snapshots),
    snapshots,
    inventories,
    marked: new MarkedObjects({
      kube,
      agentNamespace: config.namespace,
      log,
      isListed: (app) => inventories.knows(app),
    }),
    progress: new ProgressStore(config.stateDir, log),
    watches: new KindWatches({
      kube,
      listener,
      log,
      options: { silenceMs: config.watchSilenceMs, pollIntervalMs: config.pollIntervalMs },
    }),
    namespaces: new Namespaces(actingWithin(config.limits, kube)),
    definitions: new DefinitionFacts(kube),
    log,
    agentNamespace: config.namespace,
    stuckGraceMs: config.stuckGraceMs,
    limits: config.limits,
    sweepIntervalMs: config.sweepIntervalMs,
    report: (report) => {
      session.report(report);
    },
    otherOwner: (app, key) => listener.otherOwner(app, key),
    ownershipChanged: () => {
      listener.reindex();
    },
    sealingKeys: () => sealingKeys,
    maskKey: () => maskKey(sealingKeys, identity),
    assertMayWrite: () => {
      if (!lease.held) throw new LeaseLost();
    },
  }));

  const session: HubSession = new HubSession({
    hub,
    tokens,
    ca,
    log,
    handler: {
      hello: () => ({ agentVersion, ...facts, apps: targets.positions() }),
      welcome: (message) => {
        log.info('session', { epoch: message.epoch });
        sealingKeys = sealingKeyMap(message.sealingKeys);
        identity.rememberSealingKeys(message.sealingKeys).catch((error: unknown) => {
          log.warn('the sealing keys were not remembered', errorFields(error));
        });
      },
      assign: (message) => {
        targets.assign(message.assignments);
      },
    },
  });
  try {
    await patiently('the state of earlier runs', () => targets.restore(), log, signal);
    const onSilence = (since: string) => {
      targets.apiSilent(since);
    };
    watchSilence(kube.transport, config.apiSilenceMs, onSilence, signal);
    const enrolled = enroll({ config, log, hub, identity, facts }, signal).then(() => session.run(signal));
    await Promise.all([targets.run(signal), enrolled]);
  } finally {
    targets.stop();
    hub.close();
  }
}

async function enroll(
  {
    config,
    log,
    hub,
    identity,
    facts,
  }: { config: AgentConfig; log: Logger; hub: HubHttp; identity: Identity; facts: Facts },
  signal: AbortSignal,
): Promise<void> {
  if (identity.enrolment() !== null) return;
  const { joinToken, clusterName } = config;
  if (joinToken === null) {
    throw new CodedError(
      { code: 'agent.no-join-token', kind: 'invalid' },
      'this cluster is not enrolled yet: a join token is needed',
    );
  }
  await patiently(
    'enrolment',
    () => identity.enroll(hub, { joinToken, clusterName, agentVersion, ...facts }, signal),
    log,
    signal,
  );
  log.info('enrolled', { cluster: clusterName });
}

/** Repeats what only needs time: an API server that starts, a hub that is away. Refusals are thrown. */
async function patiently<T>(what: string, attempt: () => Promise<T>, log: Logger, signal: AbortSignal): Promise<T> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await attempt();
    } catch (error) {
      const canPass = error instanceof CodedError || hasKind(error) ? error.kind === 'unavailable' : false;
      if (!canPass || signal.aborted) throw error;
      const waitMs = 200 + jitteredBackoffMs(tries, { firstMs: 500, mostMs: 30_000 });
      log.warn('waiting', { what, ...errorFields(error), waitMs: Math.round(waitMs) });
      await pause(waitMs, signal);
    }
  }
}

function hasKind(error: unknown): error is { kind: string } {
  return typeof error === 'object' && error !== null && 'kind' in error;
}

async function clusterEndpoint(config: AgentConfig): Promise<KubeEndpoint> {
  if (config.kubeconfig === null) return (await import('./kube/in-cluster.ts')).inClusterEndpoint(process.env);
  return (await import('./kube/kubeconfig.ts')).kubeconfigEndpoint(config.kubeconfig, config.context ?? undefined);
}

async function clusterFacts(kube: KubeClient, namespace: string): Promise<Facts> {
  const kubernetesVersion = await kube.version();
  const system = await kube.get(namespaces, { namespace: '', name: 'kube-system' });
  const fingerprint = fieldAt(system ?? {}, ['metadata', 'uid']);
  if (typeof fingerprint !== 'string') {
    throw new CodedError(
      { code: 'agent.no-fingerprint', kind: 'unavailable' },
      'the cluster has no kube-system namespace yet',
    );
  }
  await new Namespaces(kube).ensure(namespace);
  return { fingerprint, kubernetesVersion };
}

/** Equal Secret values look equal in reports of all clusters, and nobody without the key can guess them. */
function maskKey(keys: SealingKeys, identity: Identity): Uint8Array {
  const [first] = keys.values();
  return createHmac('sha256', first ?? identity.key.derive('mask-v1'))
    .update('fairlead-mask-v1')
    .digest();
}
