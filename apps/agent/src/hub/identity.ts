import { CodedError } from '@fairlead/shared/kernel';
import type { Secret } from '@fairlead/shared/kernel';
import type { JsonObject } from '@fairlead/manifests';
import { decodeBase64, encodeBase64, fieldAt, fieldOf } from '@fairlead/manifests';
import type { SealingKeys } from '../domain/apply/unseal.ts';
import { KubeError } from '../kube/kube-error.ts';
import type { KubeClient } from '../kube/kube-client.ts';
import type { Resource } from '../kube/resource.ts';
import { AgentKey } from './agent-key.ts';
import type { HubHttp } from './hub-http.ts';
import { check } from './shape.ts';
import { agentProtocol, enrollResponse } from './wire.ts';

const secretName = 'fairlead-agent';
const secrets: Resource = { group: '', version: 'v1', plural: 'secrets', kind: 'Secret', namespaced: true };

export interface Enrolment {
  readonly clusterId: number;
  readonly clusterName: string;
  readonly keyId: string;
  readonly audience: string;
}

/** The agent's key pair, its enrolment and the wrapped sealing keys: all in one Secret of its own cluster. */
export class Identity {
  readonly key: AgentKey;
  readonly #kube: KubeClient;
  readonly #namespace: string;
  #object: JsonObject;

  private constructor(kube: KubeClient, namespace: string, object: JsonObject) {
    this.#kube = kube;
    this.#namespace = namespace;
    this.#object = object;
    this.key = AgentKey.fromPem(this.#read('private-key') ?? '');
  }

  /** Reads the Secret, or makes it with a new key pair: the key is stored before anybody hears of it. */
  static async open(kube: KubeClient, namespace: string): Promise<Identity> {
    const target = { namespace, name: secretName };
    const existing = await kube.get(secrets, target);
    if (existing !== null) return new Identity(kube, namespace, existing);
    const fresh: JsonObject = {
      apiVersion: 'v1',
      kind: 'Secret',
      type: 'fairlead.dev/agent',
      metadata: { name: secretName, namespace, annotations: { 'fairlead.dev/prune': 'disabled' } },
      data: { 'private-key': encodeBase64(AgentKey.generate().toPem()) },
    };
    try {
      return new Identity(kube, namespace, await kube.create(secrets, namespace, fresh));
    } catch (error) {
      // Another agent of this cluster was quicker: its key is the cluster's key.
      if (error instanceof KubeError && error.failure === 'conflict') return Identity.open(kube, namespace);
      throw error;
    }
  }

  enrolment(): Enrolment | null {
    const stored = this.#read('enrolment');
    return stored === null ? null : (JSON.parse(stored) as Enrolment);
  }

  /** Registers the public key at the hub with a join token, and remembers what the hub said. */
  async enroll(hub: HubHttp, request: EnrolRequest, signal: AbortSignal): Promise<Enrolment> {
    const { joinToken, ...facts } = request;
    const answer = await hub.post(
      '/agent/v1/enroll',
      {
        protocolVersion: { major: agentProtocol.major, minor: agentProtocol.minor },
        token: joinToken.reveal(),
        publicKey: this.key.publicJwk(),
        ...facts,
      },
      { signal },
    );
    const parsed = check(enrollResponse, answer);
    if (!parsed.ok)
      throw new CodedError({ code: 'hub.contract', kind: 'unavailable' }, 'the hub answered outside the contract');
    const enrolment: Enrolment = parsed.value;
    await this.#write({ enrolment: JSON.stringify(enrolment) });
    return enrolment;
  }

  /** Sealing keys of the last session, for Secrets that must be healed while the hub is away. */
  sealingKeys(): SealingKeys {
    const wrapped = this.#read('sealing-keys');
    if (wrapped === null) return new Map();
    const stored = JSON.parse(this.key.unwrap(wrapped)) as { keyId: string; key: string }[];
    return sealingKeyMap(stored);
  }

  async rememberSealingKeys(keys: readonly { keyId: string; key: string }[]): Promise<void> {
    const wrapped = this.#read('sealing-keys');
    const text = JSON.stringify(keys);
    if (wrapped !== null && this.key.unwrap(wrapped) === text) return;
    await this.#write({ 'sealing-keys': this.key.wrap(text) });
  }

  async #write(values: Record<string, string>): Promise<void> {
    const target = { namespace: this.#namespace, name: secretName };
    for (let attempt = 0; ; attempt += 1) {
      const object = structuredClone(this.#object);
      const old = fieldOf(object, 'data');
      object['data'] = { ...(typeof old === 'object' ? (old as JsonObject) : {}) };
      for (const [name, value] of Object.entries(values)) object['data'][name] = encodeBase64(value);
      try {
        this.#object = await this.#kube.replace(secrets, target, object);
        return;
      } catch (error) {
        if (!(error instanceof KubeError) || error.failure !== 'conflict' || attempt >= 5) throw error;
        this.#object = (await this.#kube.get(secrets, target)) ?? this.#object;
      }
    }
  }

  #read(name: string): string | null {
    const value = fieldAt(this.#object, ['data', name]);
    return typeof value === 'string' ? Buffer.from(decodeBase64(value)).toString('utf8') : null;
  }
}

export interface EnrolRequest {
  readonly joinToken: Secret;
  readonly clusterName: string;
  readonly fingerprint: string;
  readonly agentVersion: string;
  readonly kubernetesVersion: string;
}

/** Sealing keys as they come over the wire, ready for use. */
export function sealingKeyMap(keys: readonly { keyId: string; key: string }[]): SealingKeys {
  return new Map(keys.map(({ keyId, key }) => [keyId, decodeBase64(key)]));
}
