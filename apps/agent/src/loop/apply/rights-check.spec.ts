import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseObjectId } from '@fairlead/manifests';
import { KubeClient } from '../../kube/kube-client.ts';
import { KubeTransport } from '../../kube/transport.ts';
import { newRecord } from '../state/object-record.ts';
import { failedOnce, holdingBack, nextRetryMs } from './retry-state.ts';
import { withRights } from './rights-check.ts';

const configMaps = { group: '', version: 'v1', plural: 'configmaps', kind: 'ConfigMap', namespaced: true };
const denial = 'configmaps "x" is forbidden: User "u" cannot create resource "configmaps" in API group ""';

function deniedRecord(key: string) {
  const record = { ...newRecord(key, parseObjectId(key), 'v1'), resource: configMaps };
  failedOnce(record, 'hash', { reason: 'Forbidden', message: denial, permanent: false, retry: 'rights' });
  return record;
}

describe('objects for which rights were missing', () => {
  let server: Server;
  let kube: KubeClient;
  const asked: unknown[] = [];
  let transport: KubeTransport;

  beforeEach(async () => {
    asked.length = 0;
    server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => (body += String(chunk)));
      request.on('end', () => {
        const { resourceAttributes } = (JSON.parse(body) as { spec: { resourceAttributes: { namespace: string } } })
          .spec;
        asked.push(resourceAttributes);
        response.end(JSON.stringify({ status: { allowed: resourceAttributes.namespace === 'granted' } }));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    transport = new KubeTransport({
      server: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
      access: () => Promise.resolve({ token: null, tls: { rejectUnauthorized: true } }),
      forget: () => undefined,
    });
    kube = new KubeClient(transport);
  });

  afterEach(() => {
    transport.close();
    server.close();
  });

  it('[case 176] are tried only where the server says that rights came, after one question per kind and namespace', async () => {
    const records = [
      deniedRecord('/ConfigMap/granted/a'),
      deniedRecord('/ConfigMap/granted/b'),
      deniedRecord('/ConfigMap/denied/a'),
      { ...newRecord('/ConfigMap/new/a', parseObjectId('/ConfigMap/new/a'), 'v1'), resource: configMaps },
    ];
    const allowed = await withRights(records, kube);
    expect(allowed.map(({ key }) => key)).toEqual(['/ConfigMap/granted/a', '/ConfigMap/granted/b', '/ConfigMap/new/a']);
    expect(asked).toEqual([
      { verb: 'create', group: '', resource: 'configmaps', namespace: 'granted' },
      { verb: 'create', group: '', resource: 'configmaps', namespace: 'denied' },
    ]);
    expect(records[2]?.failure).toMatchObject({ reason: 'Forbidden', message: denial });
  });

  it('wait for five minutes, unless something else is to be written', () => {
    const record = deniedRecord('/ConfigMap/denied/a');
    expect(holdingBack(record, 'hash')).toMatchObject({ reason: 'Forbidden' });
    expect(holdingBack(record, 'other hash')).toBeNull();
    expect(nextRetryMs([record], 0)).toBeGreaterThan(299_000);
  });
});
