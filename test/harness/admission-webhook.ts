import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JsonObject, KubeObject } from '@fairlead/manifests';

/** What the webhook would like to change: an RFC 6902 patch; null: nothing. */
export type Mutation = (object: KubeObject, request: { dryRun: boolean; operation: string }) => JsonObject[] | null;

/** A mutating webhook with a certificate of its own, that runs in the test. */
export class AdmissionWebhook {
  /** Reviews that came, dry runs included. */
  reviews = 0;
  readonly #server: https.Server;
  readonly #certificate: string;

  private constructor(server: https.Server, certificate: string) {
    this.#server = server;
    this.#certificate = certificate;
  }

  static async start(mutate: Mutation): Promise<AdmissionWebhook> {
    const { key, certificate } = makeCertificate();
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

function makeCertificate(): { key: string; certificate: string } {
  const dir = mkdtempSync(join(tmpdir(), 'fairlead-webhook-'));
  const [keyFile, certificateFile] = [join(dir, 'key.pem'), join(dir, 'certificate.pem')];
  try {
    execFileSync(
      'openssl',
      [
        ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'],
        ...['-keyout', keyFile, '-out', certificateFile, '-subj', '/CN=127.0.0.1'],
        ...['-addext', 'subjectAltName=IP:127.0.0.1'],
      ],
      { stdio: 'ignore' },
    );
    return { key: readFileSync(keyFile, 'utf8'), certificate: readFileSync(certificateFile, 'utf8') };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
