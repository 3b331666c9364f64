import type { Json, KubeObject } from '@fairlead/manifests';
import { unmanagedFields } from './unmanaged-fields.ts';

const declared = object({ containers: [{ name: 'main', image: 'm' }], replicas: 1 });

describe('fields that Git says nothing about', () => {
  it('[case 161] are told with who set them, a container as one', () => {
    const live = object(
      {
        containers: [
          { name: 'main', image: 'm' },
          { name: 'debug', image: 'd' },
        ],
        replicas: 1,
        paused: true,
      },
      {
        'f:containers': { 'k:{"name":"debug"}': { '.': {}, 'f:name': {}, 'f:image': {} } },
        'f:paused': {},
        'f:replicas': {},
      },
    );
    expect(paths(live)).toEqual(['/spec/containers/1', '/spec/paused']);
  });

  it('are none of controllers, of subresources, and of what is there anyway', () => {
    const spec = {
      containers: [{ name: 'main', image: 'm', imagePullPolicy: 'Always' }],
      replicas: 1,
      dnsPolicy: 'ClusterFirst',
    };
    const fields = {
      'f:containers': { 'k:{"name":"main"}': { 'f:imagePullPolicy': {} } },
      'f:dnsPolicy': {},
    };
    expect(paths(object(spec, fields))).toEqual([]);
    const seen = { ...spec, paused: true };
    expect(paths(object(seen, { 'f:paused': {} }, 'kube-controller-manager'))).toEqual([]);
    expect(paths(object(seen, { 'f:paused': {} }, 'cert-manager-cainjector'))).toEqual([]);
    expect(paths(object(seen, { 'f:paused': {} }, 'kubectl', 'scale'))).toEqual([]);
    expect(paths(object(seen, { 'f:paused': {} }, 'kustomize-controller'))).toEqual(['/spec/paused']);
  });

  function paths(live: KubeObject): string[] {
    return unmanagedFields(live, declared).map(({ path }) => path);
  }
});

function object(spec: Record<string, Json>, fields: Json = {}, manager = 'kubectl-edit', subresource = ''): KubeObject {
  const managedFields = [{ manager, operation: 'Update', subresource, fieldsV1: { 'f:spec': fields } }];
  return { apiVersion: 'example.dev/v1', kind: 'Thing', metadata: { name: 'x', managedFields }, spec };
}
