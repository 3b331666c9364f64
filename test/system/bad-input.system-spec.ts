import { App, Source } from '@fairlead/shared/contracts';
import { eventually } from '@fairlead/shared/test-kit';
import { shop } from '../fixtures/shop.ts';
import { connectApi } from '../harness/api.ts';
import { useFleet } from '../harness/fleet.ts';

describe('mistakes in Git', () => {
  const fleet = useFleet({ clusters: { solo: { ring: 'canary' } } });
  const app = (name: string) => fleet().api.get(`/v1/apps/${fleet().prefix}-${name}`, App);

  beforeAll(async () => {
    await fleet().push(shop({ prefix: fleet().prefix }), 'Good');
    await fleet().rollout((rollout) => rollout.state === 'succeeded');
  }, 90_000);

  it('in fairlead.yaml keep the old release and name file, line and the nearest word', async () => {
    const files = shop({ prefix: fleet().prefix });
    const manifest = files['apps/orders/fairlead.yaml'] ?? '';
    await fleet().push(
      { ...files, 'apps/orders/fairlead.yaml': manifest.replace('"dependsOn"', '"dependOn"') },
      'Typo',
    );
    const { errors, state } = await eventually(async () => {
      const orders = await app('orders');
      expect(orders.state).toBe('invalid');
      return orders;
    });
    expect(state).toBe('invalid');
    expect(errors[0]).toMatchObject({ file: 'apps/orders/fairlead.yaml', line: expect.any(Number) });
    expect(`${errors[0]?.message} ${errors[0]?.hint}`).toMatch(/dependOn.*dependsOn/s);
    expect((await fleet().rollout(() => true)).release.subject).toBe('Good');
  });

  it('in a kustomization keep the old release and name file and line', async () => {
    const files = shop({ prefix: fleet().prefix });
    const kustomization = 'resources:\n- ../../base\npatchs: []\n';
    await fleet().push({ ...files, 'apps/orders/overlays/default/kustomization.yaml': kustomization }, 'Patchs');
    const finding = await eventually(async () => {
      const [first] = (await app('orders')).errors;
      expect(first?.file).toBe('apps/orders/overlays/default/kustomization.yaml');
      return first;
    });
    expect(finding).toMatchObject({ line: 3, column: 1 });
    expect(`${finding?.message} ${finding?.hint}`).toMatch(/patchs.*patches/s);
    expect((await fleet().rollout(() => true)).release.subject).toBe('Good');
  });

  it('[case 162] that leave a file no YAML reject the whole commit: nothing is applied, nothing pruned', async () => {
    const extra = (name: string) =>
      JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: {} });
    const files = shop({ prefix: fleet().prefix, extra: { 'apps/gateway/manifests/old.yaml': extra('old') } });
    await fleet().push(files, 'With old');
    await fleet().rollout((rollout) => rollout.release.subject === 'With old' && rollout.state === 'succeeded');
    const broken = {
      'apps/gateway/manifests/old.yaml': null,
      'apps/gateway/manifests/new.yaml': extra('new'),
      'apps/gateway/manifests/bad.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: bad\n',
    };
    await fleet().push(broken, 'Broken');
    await eventually(async () => {
      const [first] = (await app('gateway')).errors;
      expect(first).toMatchObject({ file: 'apps/gateway/manifests/bad.yaml', line: expect.any(Number) });
    });
    expect((await fleet().rollout(() => true)).release.subject).toBe('With old');
    const { stdout } = await fleet()
      .cluster('solo')
      .kubectl(['-n', `${fleet().prefix}-gateway`, 'get', 'configmaps', '-o', 'name']);
    expect(stdout.split('\n').filter((name) => /old|new|bad/.test(name))).toEqual(['configmap/old']);
    await fleet().push(
      { ...files, 'apps/gateway/manifests/new.yaml': null, 'apps/gateway/manifests/bad.yaml': null },
      'Mended',
    );
    await eventually(async () => expect((await app('gateway')).errors).toEqual([]));
  });

  it('that define a name twice refuse both files', async () => {
    const files = shop({ prefix: fleet().prefix });
    await fleet().push({ ...files, 'apps/copy/fairlead.yaml': files['apps/orders/fairlead.yaml'] ?? '' }, 'Twice');
    await eventually(async () => {
      const text = JSON.stringify((await app('orders')).errors);
      expect(text).toMatch('apps/copy/fairlead.yaml');
      expect(text).toMatch('apps/orders/fairlead.yaml');
    });
    await fleet().push({ ...files, 'apps/copy/fairlead.yaml': null }, 'Once again');
    await eventually(async () => expect((await app('orders')).state).toBe('ok'));
  });
});

describe('sources that cannot be fetched', () => {
  const fleet = useFleet({ clusters: { solo: { ring: 'canary' } } });
  const add = (name: string, url: string, ref: string) =>
    fleet().api.post('/v1/sources', { name: `${name}-${fleet().prefix}`, url, ref, pollIntervalSeconds: 3600 }, Source);
  const degraded = (name: string) =>
    eventually(async () => {
      const source = await fleet().api.get(`/v1/sources/${name}-${fleet().prefix}`, Source);
      expect(source.state).toBe('degraded');
      return source;
    });

  it('because of an unknown ref say which', async () => {
    await add('no-ref', fleet().repository.url, 'no-such-branch');
    expect((await degraded('no-ref')).reason).toMatch(/no-such-branch/);
  });

  it('because nobody answers say so', async () => {
    await add('gone', 'http://127.0.0.1:9/nothing.git', 'main');
    expect((await degraded('gone')).reason).toMatch(/reach|connect/i);
  });
});

describe('join tokens', () => {
  const fleet = useFleet({ clusters: { solo: { ring: 'canary' } } });
  const enroll = (token: string, clusterName: string) =>
    connectApi(
      () => fleet().hub.url,
      () => 'none',
    ).send('POST', '/agent/v1/enroll', {
      protocolVersion: { major: 1, minor: 0 },
      token,
      clusterName,
      publicKey: { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' },
      fingerprint: `fingerprint-${clusterName}`,
      agentVersion: '0.1.0',
      kubernetesVersion: 'v1.34.3',
    });

  it('that are wrong, used up, expired or for another name get the same refusal', async () => {
    const { IssuedJoinToken } = await import('@fairlead/shared/contracts');
    const issue = async (body: Record<string, unknown>) =>
      (await fleet().api.post('/v1/join-tokens', body, IssuedJoinToken)).token;
    const used = await issue({ maxUses: 1, ttlSeconds: 60 });
    await enroll(used, 'first-use');
    const expired = await issue({ ttlSeconds: 1 });
    const other = await issue({ namePattern: 'eu-*' });
    const expiry = performance.now() + 1_100;
    await eventually(() => expect(performance.now()).toBeGreaterThan(expiry));
    const refusals = await Promise.all(
      [`flj_${'x'.repeat(43)}`, used, expired, other].map((token) =>
        enroll(token, 'us-1').then(
          () => 'accepted',
          (error: Error) => error.message,
        ),
      ),
    );
    expect(new Set(refusals).size).toBe(1);
    expect(refusals[0]).toMatch(/^401 /);
  });

  it('cannot take a name from another cluster', async () => {
    const { IssuedJoinToken } = await import('@fairlead/shared/contracts');
    const { token } = await fleet().api.post('/v1/join-tokens', {}, IssuedJoinToken);
    await expect(enroll(token, 'solo')).rejects.toMatchObject({ status: 409 });
  });
});
