import { X509Certificate } from 'node:crypto';
import type { Json, JsonObject, KubeObject } from '@fairlead/manifests';
import { fieldAt, fieldOf, groupOf, isJsonObject } from '@fairlead/manifests';
import { setAt } from './server-fields.ts';

const conversionConfig = ['spec', 'conversion', 'webhook', 'clientConfig'];
const certificates = /-----BEGIN CERTIFICATE-----[^]+?-----END CERTIFICATE-----/g;

/**
 * The object without CA bundles that are placeholders. Whoever injects the real one owns the field; the API server refuses
 * a definition whose conversion bundle is no certificate.
 */
export function withoutPlaceholderBundles(object: KubeObject): KubeObject {
  const group = groupOf(object.apiVersion);
  if (group === 'apiextensions.k8s.io' && object.kind === 'CustomResourceDefinition') {
    return withoutBundle(object, conversionConfig, (bundle) => !holdsCertificates(bundle));
  }
  if (group === 'apiregistration.k8s.io' && object.kind === 'APIService')
    return withoutBundle(object, ['spec'], isEmpty);
  const webhooks = fieldOf(object, 'webhooks');
  if (group !== 'admissionregistration.k8s.io' || !Array.isArray(webhooks)) return object;
  const kept = webhooks.map((webhook): Json =>
    isJsonObject(webhook) ? withoutBundle(webhook, ['clientConfig'], isEmpty) : webhook,
  );
  return { ...object, webhooks: kept };
}

function withoutBundle<T extends JsonObject>(
  object: T,
  path: readonly string[],
  isWrong: (bundle: Json) => boolean,
): T {
  const holder = fieldAt(object, path);
  const bundle = fieldOf(holder, 'caBundle');
  if (bundle === undefined || !isJsonObject(holder) || !isWrong(bundle)) return object;
  const { caBundle: _bundle, ...rest } = holder;
  return setAt(object, path, rest) as T;
}

function isEmpty(bundle: Json): boolean {
  return typeof bundle !== 'string' || decode(bundle).trim() === '';
}

function holdsCertificates(bundle: Json): boolean {
  if (typeof bundle !== 'string') return false;
  const found = decode(bundle).match(certificates) ?? [];
  try {
    for (const certificate of found) new X509Certificate(certificate);
  } catch {
    return false;
  }
  return found.length > 0;
}

function decode(bundle: string): string {
  return Buffer.from(bundle, 'base64').toString('utf8');
}
