import { readFileSync } from 'node:fs';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import type { JsonObject, KubeObject } from '@fairlead/manifests';
import type { BedCluster } from '../bed/bed.ts';

/** What the webhook would like to change: an RFC 6902 patch; null: nothing. */
export type Mutation = (object: KubeObject, request: { dryRun: boolean; operation: string }) => JsonObject[] | null;

/** A mutating webhook that runs in the test, with the certificate of the API server that asks it. */
export class AdmissionWebhook {
  /** Reviews that came, dry runs included. */
  reviews = 0;
  readonly #server: https.Server;
  readonly #certificate: string;

  private constructor(server: https.Server, certificate: string) {
    this.#server = server;
    this.#certificate = certificate;
  }

  static async start(cluster: BedCluster, mutate: Mutation): Promise<AdmissionWebhook> {
    const { servingFiles } = cluster;
    const [certificate, key] = [readFileSync(servingFiles.certificate, 'utf8'), readFileSync(servingFiles.key, 'utf8')];
    const server = https.createServer({ key, cert: certificate });
    const webhook = new AdmissionWebhook(server, certificate);
    server.on('request', (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        webhook.reviews += 1;
        const body = answer(JSON.parse(Buffer.concat(chunks).toString('utf8')) as Review, mutate);
        response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return webhook;
  }

  /** What registers it for kinds of one namespace. */
  configuration(name: string, namespace: string, kinds: { group: string; plural: string }[]): KubeObject {
    return {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'MutatingWebhookConfiguration',
      metadata: { name },
      webhooks: [
        {
          name: `${name}.example.dev`,
          clientConfig: {
            url: `https://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`,
            caBundle: Buffer.from(this.#certificate).toString('base64'),
          },
          rules: kinds.map(({ group, plural }) => ({
            apiGroups: [group],
            apiVersions: ['*'],
            operations: ['CREATE', 'UPDATE'],
            resources: [plural],
          })),
          namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
          sideEffects: 'None',
          admissionReviewVersions: ['v1'],
          timeoutSeconds: 5,
        },
      ],
    };
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

interface Review {
  readonly request: { uid: string; object: KubeObject; dryRun?: boolean; operation: string };
}

function answer({ request }: Review, mutate: Mutation): unknown {
  const { uid, object, operation, dryRun = false } = request;
  const patch = mutate(object, { dryRun, operation });
  const change =
    patch === null ? {} : { patchType: 'JSONPatch', patch: Buffer.from(JSON.stringify(patch)).toString('base64') };
  return {
    apiVersion: 'admission.k8s.io/v1',
    kind: 'AdmissionReview',
    response: { uid, allowed: true, ...change },
  };
}
