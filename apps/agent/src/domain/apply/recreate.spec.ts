import type { JsonObject, KubeObject } from '@fairlead/manifests';
import { mayRecreate, probeOf } from './recreate.ts';

function object(apiVersion: string, kind: string, rest: JsonObject = {}, annotations: JsonObject = {}): KubeObject {
  return { apiVersion, kind, metadata: { name: 'x', annotations }, ...rest };
}
const allowed = { 'fairlead.dev/recreate': 'allowed' };

describe('making an object anew', () => {
  it('needs the consent of the object or of its app', () => {
    expect(mayRecreate(object('apps/v1', 'Deployment'), { recreate: false })).toBe(false);
    expect(mayRecreate(object('apps/v1', 'Deployment'), { recreate: true })).toBe(true);
    expect(mayRecreate(object('apps/v1', 'Deployment', {}, allowed), { recreate: false })).toBe(true);
  });

  it('needs the consent of a StatefulSet itself', () => {
    expect(mayRecreate(object('apps/v1', 'StatefulSet'), { recreate: true })).toBe(false);
    expect(mayRecreate(object('apps/v1', 'StatefulSet', {}, allowed), { recreate: false })).toBe(true);
  });

  it.each([
    ['v1', 'Namespace'],
    ['v1', 'PersistentVolume'],
    ['v1', 'PersistentVolumeClaim'],
    ['apiextensions.k8s.io/v1', 'CustomResourceDefinition'],
  ])('[case 20] is out of the question for %s %s', (apiVersion, kind) => {
    expect(mayRecreate(object(apiVersion, kind, {}, allowed), { recreate: true })).toBe(false);
  });

  it('asks about an object of another name that claims no address and no port of its own', () => {
    const spec = { clusterIP: '10.0.0.1', clusterIPs: ['10.0.0.1'], ports: [{ port: 80, nodePort: 30080 }] };
    const probe = probeOf(object('v1', 'Service', { spec }));
    expect(probe.metadata.name).not.toBe('x');
    expect(probe['spec']).toEqual({ ports: [{ port: 80 }] });
    expect(probeOf(object('v1', 'Service', { spec: { clusterIP: 'None' } }))['spec']).toEqual({ clusterIP: 'None' });
  });
});
