import { useBed } from './bed.ts';
import { ApiStub } from './api-stub.ts';

describe('a stub in front of an API server', () => {
  const bed = useBed(1);

  it('passes requests on with the credentials of the caller, and breaks those that a rule names', async () => {
    const [cluster] = bed();
    if (cluster === undefined) throw new Error('no cluster');
    const stub = await ApiStub.start(cluster);
    const ask = (path: string) => fetch(stub.url + path, { headers: { authorization: `Bearer ${cluster.token}` } });
    expect((await ask('/api/v1/namespaces/kube-system')).status).toBe(200);
    expect((await fetch(`${stub.url}/api/v1/namespaces/kube-system`)).status).toBe(403);
    stub.once(({ url }) => url === '/version', { kind: 'answer', status: 429, headers: { 'retry-after': '7' } });
    expect((await ask('/version')).headers.get('retry-after')).toBe('7');
    expect((await ask('/version')).status).toBe(200);
    stub.once(() => true, { kind: 'truncate', bytes: 10 });
    await expect((async () => (await ask('/version')).text())()).rejects.toThrow();
    stub.once(() => true, { kind: 'reset', after: true });
    await expect(ask('/version')).rejects.toThrow();
    expect(stub.requests.map(({ url }) => url).filter((url) => url === '/version')).toHaveLength(4);
    await stub.close();
  });
});
