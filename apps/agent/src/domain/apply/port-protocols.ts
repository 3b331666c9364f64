import type { Json, JsonObject, KubeObject } from '@fairlead/manifests';
import { fieldAt, fieldOf, isJsonObject } from '@fairlead/manifests';
import { podSpecPath } from './pod-path.ts';
import { setAt } from './server-fields.ts';

/**
 * The object with `protocol: TCP` on every port that names none. The protocol is part of a port's identity in the merge of
 * the API server: without it the same port becomes two as soon as something else of the object changes.
 */
export function withPortProtocols(object: KubeObject): KubeObject {
  if (object.kind === 'Service' && object.apiVersion === 'v1') return withPorts(object, ['spec']);
  const path = podSpecPath(object);
  if (path === null) return object;
  let result = object;
  for (const field of ['containers', 'initContainers']) {
    const containers = fieldAt(object, [...path, field]);
    if (!Array.isArray(containers) || !containers.some(lacksProtocol)) continue;
    const filled = containers.map((container): Json =>
      isJsonObject(container) ? withPorts(container, []) : container,
    );
    result = setAt(result, [...path, field], filled) as KubeObject;
  }
  return result;
}

function withPorts<T extends JsonObject>(holder: T, path: readonly string[]): T {
  const ports = fieldAt(holder, [...path, 'ports']);
  if (!Array.isArray(ports)) return holder;
  const filled = ports.map((port): Json => (isJsonObject(port) && hasNone(port) ? { ...port, protocol: 'TCP' } : port));
  return setAt(holder, [...path, 'ports'], filled) as T;
}

function lacksProtocol(container: Json): boolean {
  const ports = fieldOf(container, 'ports');
  return Array.isArray(ports) && ports.some((port) => isJsonObject(port) && hasNone(port));
}

function hasNone(port: JsonObject): boolean {
  const protocol = fieldOf(port, 'protocol');
  return protocol === undefined || protocol === null || protocol === '';
}
