import { useReading, type TestSource } from '../../../../../../test/harness/reading.ts';

const manifest = (name: string, extra = '') =>
  `apiVersion: fairlead.dev/v1\nkind: App\nmetadata: { name: ${name} }\nspec:\n  namespace: ${name}\n${extra}`;
const configMap = (name: string, value: string) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name} }\ndata: { value: "${value}" }\n`;
const app = (name: string, value = 'one', extra = '') => ({
  [`${name}/fairlead.yaml`]: manifest(name, `  render: { path: manifests }\n${extra}`),
  [`${name}/manifests/config.yaml`]: configMap('config', value),
});

describe('reading a commit', () => {
  const reading = useReading();
  let count = 0;
  let prefix = '';
  let source: TestSource;

  beforeAll(async () => {
    await reading().addCluster('c1', { ring: 'canary' });
    await reading().addCluster('c2', { ring: 'rest' });
  });

  beforeEach(async () => {
    count += 1;
    prefix = `t${count}`;
    source = await reading().addSource(prefix);
  });

  const releases = async (group: string) => (await reading().show.listReleases({ group })).items;
  const targets = async (release: { id: number } | undefined) =>
    (await reading().show.listTargets(release?.id ?? 0, {})).items;
  const reminders = async (queue: string) => {
    const { rows } = await reading().pool.query<{ key: string }>(
      `select payload->>'key' as key from outbox where effect = 'reminder' and payload->>'queue' = $1 order by id`,
      [queue],
    );
    return rows.map(({ key }) => key);
  };

  it('makes a release of each group with one snapshot per cluster', async () => {
    const name = `${prefix}-shop`;
    const commit = await source.push(
      {
        ...app(name, '${cluster.labels.ring}', '  rollout: { waves: [{ name: first, clusters: { percent: 50 } }] }\n'),
      },
      'First',
    );
    const [release] = await releases(name);
    expect(release).toMatchObject({
      number: 1,
      commit,
      subject: 'First',
      author: 'Ada Author',
      state: 'ready',
      targets: 2,
    });
    const found = await targets(release);
    expect(found.map(({ cluster, objects }) => [cluster, objects])).toEqual([
      ['c1', 1],
      ['c2', 1],
    ]);
    expect(new Set(found.map(({ digest }) => digest)).size).toBe(2);
    const { objects } = await reading().show.getManifests({ release: release!.id, app: name, cluster: 'c1' });
    expect(objects).toMatchObject([{ kind: 'ConfigMap', metadata: { namespace: name }, data: { value: 'canary' } }]);
    const { rows } = await reading().pool.query<{ group_id: number; strategy: { waves: unknown } }>(
      'select group_id, strategy from releases where id = $1',
      [release!.id],
    );
    expect(rows[0]?.strategy.waves).toEqual([{ name: 'first', clusters: { percent: 50 }, soakMs: 0 }]);
    expect(await reminders('advance-group')).toContain(String(rows[0]?.group_id));
  });

  it('records nothing for a commit that changes no cluster, and renders nothing for one that touches nothing read', async () => {
    const name = `${prefix}-shop`;
    await source.push({ ...app(name), 'README.md': 'one' });
    const traces = async () =>
      (
        await reading().pool.query<{ commit: string }>(
          'select t.commit from render_traces t join apps a on a.id = t.app_id where a.name = $1',
          [name],
        )
      ).rows.map(({ commit }) => commit);
    const before = await traces();
    await source.push({ 'README.md': 'two' });
    expect(await traces()).toEqual(before);
    await source.push({ [`${name}/manifests/config.yaml`]: `# comment\n${configMap('config', 'one')}` });
    expect(await traces()).not.toEqual(before);
    expect(await releases(name)).toHaveLength(1);
    await source.push({ [`${name}/manifests/more.yaml`]: configMap('more', 'x') });
    expect((await releases(name)).map(({ number }) => number)).toEqual([2, 1]);
  });

  it('keeps the last release of an app whose file is invalid, with file, line and hint', async () => {
    const name = `${prefix}-shop`;
    await source.push(app(name));
    const commit = await source.push({
      [`${name}/fairlead.yaml`]: manifest(name, '  render: { path: manifests }\n  dependOn: []\n'),
    });
    const shop = await reading().show.getApp(name);
    expect(shop).toMatchObject({ state: 'invalid', errorsCommit: commit });
    expect(shop.errors).toMatchObject([{ file: `${name}/fairlead.yaml`, line: 7, column: 3, cluster: null }]);
    expect(`${shop.errors[0]?.message} ${shop.errors[0]?.hint}`).toMatch(/dependOn.*dependsOn/);
    expect(await releases(name)).toHaveLength(1);
    await source.push(app(name, 'two'));
    expect(await reading().show.getApp(name)).toMatchObject({ state: 'ok', errors: [], errorsCommit: null });
    expect(await releases(name)).toHaveLength(2);
  });

  it('lets a release wait for an overlay that does not render, naming cluster, file and line', async () => {
    const name = `${prefix}-shop`;
    const files = {
      [`${name}/fairlead.yaml`]: manifest(name, '  render: { path: "overlays/${cluster.labels.ring}" }\n'),
      [`${name}/overlays/canary/kustomization.yaml`]: 'resources:\n- config.yaml\n',
      [`${name}/overlays/canary/config.yaml`]: configMap('config', 'canary'),
      [`${name}/overlays/rest/kustomization.yaml`]: 'resources:\n- config.yaml\n',
      [`${name}/overlays/rest/config.yaml`]: configMap('config', 'rest'),
    };
    await source.push(files);
    const broken = { [`${name}/overlays/rest/kustomization.yaml`]: 'resources:\n- config.yaml\npatchs: []\n' };
    await source.push(broken);
    const [waiting, good] = await releases(name);
    expect(good).toMatchObject({ number: 1, state: 'ready', targets: 2 });
    expect(waiting).toMatchObject({ number: 2, state: 'waiting', targets: 1 });
    expect(waiting?.errors).toMatchObject([
      { app: name, cluster: 'c2', file: `${name}/overlays/rest/kustomization.yaml`, line: 3 },
    ]);
    expect((await reading().show.getApp(name)).errors).toMatchObject([{ cluster: 'c2', line: 3 }]);
    await source.read();
    expect(await releases(name)).toHaveLength(2);
    await source.push({
      ...broken,
      [`${name}/fairlead.yaml`]: manifest(
        name,
        '  render: { path: "overlays/${cluster.labels.ring}", onError: skip }\n',
      ),
      [`${name}/overlays/canary/config.yaml`]: configMap('config', 'canary 2'),
    });
    const [skipping] = await releases(name);
    expect(skipping).toMatchObject({ number: 3, state: 'ready', targets: 2 });
    const digestOn = async (release: { id: number } | undefined, cluster: string) =>
      (await targets(release)).find((target) => target.cluster === cluster)?.digest;
    expect(await digestOn(skipping, 'c2')).toBe(await digestOn(good, 'c2'));
    expect(await digestOn(skipping, 'c1')).not.toBe(await digestOn(good, 'c1'));
  });

  it('refuses a name that is defined twice, in one source and in two, and accepts it when one is gone', async () => {
    const name = `${prefix}-shop`;
    await source.push(app(name));
    await source.push({ 'copy/fairlead.yaml': manifest(name) });
    const twice = await reading().show.getApp(name);
    expect(twice.state).toBe('invalid');
    expect(JSON.stringify(twice.errors)).toMatch(`${name}/fairlead.yaml`);
    expect(JSON.stringify(twice.errors)).toMatch('copy/fairlead.yaml');
    await source.push({ 'copy/fairlead.yaml': null });
    expect(await reading().show.getApp(name)).toMatchObject({ state: 'ok', directory: name });

    const other = await reading().addSource(`${prefix}-other`);
    await other.push(app(name, 'stolen'));
    expect(await reminders('read-commit')).toContain(String(source.id));
    await source.read();
    const between = await reading().show.getApp(name);
    expect(between).toMatchObject({ state: 'invalid', source: prefix });
    expect(between.errors[0]?.message).toMatch(`(source ${prefix}-other)`);
    expect(await releases(name)).toHaveLength(1);
    await source.push({ [name]: null });
    expect(await reading().show.getApp(name)).toMatchObject({ source: prefix, state: 'orphan-candidate' });
    await other.read();
    expect(await reading().show.getApp(name)).toMatchObject({ source: `${prefix}-other`, state: 'ok' });
  });

  it('keeps everything of an app that vanishes', async () => {
    const [left, right] = [`${prefix}-left`, `${prefix}-right`];
    const grouped = `  rollout: { group: ${prefix} }\n`;
    await source.push({ ...app(left, 'one', grouped), ...app(right, 'one', grouped) });
    await source.push({ [left]: null });
    expect(await reading().show.getApp(left)).toMatchObject({ state: 'orphan-candidate', errors: [] });
    const [newest, first] = await releases(prefix);
    expect(new Set((await targets(newest)).map((target) => target.app))).toEqual(new Set([right]));
    expect(await targets(first)).toHaveLength(4);
  });

  it('keeps the targets of a refused app in the next release of its group', async () => {
    const [left, right] = [`${prefix}-left`, `${prefix}-right`];
    const grouped = `  rollout: { group: ${prefix} }\n`;
    await source.push({ ...app(left, 'one', grouped), ...app(right, 'one', grouped) });
    await source.push({ [`${left}/fairlead.yaml`]: 'kind: [', ...app(right, 'two', grouped) });
    const [newest, first] = await releases(prefix);
    expect(newest).toMatchObject({ number: 2, state: 'ready', targets: 4 });
    const of = async (release: { id: number } | undefined, name: string) =>
      (await targets(release)).filter((target) => target.app === name);
    expect(await of(newest, left)).toEqual(await of(first, left));
    expect(await of(newest, right)).not.toEqual(await of(first, right));
  });

  it('refuses different strategies in a group, dependency circles and unknown dependencies', async () => {
    const waves = (name: string, wave: string) =>
      app(name, 'one', `  rollout: { group: ${prefix}, waves: [{ name: ${wave}, clusters: all }] }\n`);
    await source.push({
      ...waves(`${prefix}-a`, 'first'),
      ...waves(`${prefix}-b`, 'other'),
      ...app(`${prefix}-c`, 'one', `  dependsOn: [{ app: ${prefix}-d }]\n`),
      ...app(`${prefix}-d`, 'one', `  dependsOn: [{ app: ${prefix}-c }]\n`),
      ...app(`${prefix}-e`, 'one', '  dependsOn: [{ app: nobody }]\n'),
      ...app(`${prefix}-f`),
    });
    const messageOf = async (name: string) => (await reading().show.getApp(`${prefix}-${name}`)).errors[0]?.message;
    expect(await messageOf('a')).toMatch(/-a.*-b.*different rollouts/);
    expect(await messageOf('b')).toBe(await messageOf('a'));
    expect(await messageOf('c')).toMatch(/circle: .*-c -> .*-d -> .*-c/);
    expect(await messageOf('e')).toMatch(/"nobody", which is not defined/);
    expect(await messageOf('f')).toBeUndefined();
    expect(await releases(`${prefix}-f`)).toHaveLength(1);
    expect(await releases(prefix)).toHaveLength(0);
  });

  it('orders the apps of a group by dependency', async () => {
    const grouped = `  rollout: { group: ${prefix} }\n`;
    await source.push({
      ...app(`${prefix}-a`, 'one', `${grouped}  dependsOn: [{ app: ${prefix}-z, condition: applied }]\n`),
      ...app(`${prefix}-z`, 'one', grouped),
    });
    const { rows } = await reading().pool.query<{ app_order: unknown }>(
      'select app_order from releases where id = $1',
      [(await releases(prefix))[0]?.id],
    );
    expect(rows[0]?.app_order).toEqual([
      { app: `${prefix}-z`, dependsOn: [] },
      { app: `${prefix}-a`, dependsOn: [{ app: `${prefix}-z`, condition: 'applied' }] },
    ]);
  });

  it('records an empty render, visibly', async () => {
    const name = `${prefix}-shop`;
    await source.push(app(name));
    await source.push({ [`${name}/manifests/config.yaml`]: '# nothing\n' });
    const [empty] = await releases(name);
    expect(empty).toMatchObject({ number: 2, state: 'ready' });
    expect((await targets(empty)).map(({ objects }) => objects)).toEqual([0, 0]);
    expect(empty?.errors[0]?.message).toMatch(/nothing is rendered/);
  });

  it('refuses two apps that own one object on a cluster, until one gives way', async () => {
    const shared = (name: string) => ({
      [`${name}/fairlead.yaml`]: manifest(name, '  render: { path: manifests }\n').replace(
        `namespace: ${name}`,
        `namespace: ${prefix}`,
      ),
      [`${name}/manifests/config.yaml`]: configMap('config', name),
    });
    await source.push(shared(`${prefix}-a`));
    await source.push(shared(`${prefix}-b`));
    const [refused] = await releases(`${prefix}-b`);
    expect(refused).toMatchObject({ state: 'waiting', targets: 0 });
    expect(refused?.errors[0]?.message).toMatch(
      new RegExp(`"${prefix}-b" and "${prefix}-a".*ConfigMap/${prefix}/config`),
    );
    expect((await releases(`${prefix}-a`))[0]).toMatchObject({ number: 1, state: 'ready' });
    await source.push({ 'README.md': 'unrelated' });
    expect((await releases(`${prefix}-b`))[0]).toMatchObject({ state: 'waiting', targets: 0 });
    await source.push({ [`${prefix}-a`]: null });
    expect((await releases(`${prefix}-b`))[0]).toMatchObject({ state: 'ready', targets: 2 });
  });

  it('adds a cluster that joins to the newest release, and to the one the group is held on', async () => {
    const name = `${prefix}-shop`;
    await source.push(app(name, '${cluster.name} one'));
    await source.push(app(name, '${cluster.name} two'));
    const [second, first] = await releases(name);
    await reading().pool.query(
      `insert into holds (group_id, release_id, reason, policy, created_by)
       select group_id, id, 'test', 'untilFixed', 'test' from releases where id = $1`,
      [first!.id],
    );
    await reading().addCluster(`${prefix}-late`);
    await source.read();
    expect(await releases(name)).toHaveLength(2);
    const valueIn = async (release: { id: number } | undefined) =>
      (await reading().show.getManifests({ release: release!.id, app: name, cluster: `${prefix}-late` })).objects[0];
    expect(await valueIn(first)).toMatchObject({ data: { value: `${prefix}-late one` } });
    expect(await valueIn(second)).toMatchObject({ data: { value: `${prefix}-late two` } });
    expect(await targets(first)).toHaveLength((await targets(second)).length);
    await reading().pool.query(`update clusters set revoked_at = now() where name = $1`, [`${prefix}-late`]);
  });

  it('reads only the newest of many commits, and forgets none that was not read', async () => {
    const name = `${prefix}-shop`;
    await source.push(app(name));
    for (const value of ['two', 'three', 'four']) {
      await source.repository.commit(app(name, value), value);
      await reading().fetchSource.fetch(source.id);
    }
    expect(await reading().readCommit.listUnread()).toContain(source.id);
    await source.read();
    expect(await reading().readCommit.listUnread()).not.toContain(source.id);
    expect((await releases(name)).map(({ subject }) => subject)).toEqual(['four', 'Change files']);
  });

  it('comes to the same when it is broken off and begun again', async () => {
    const name = `${prefix}-shop`;
    await source.push(app(name));
    const before = await releases(name);
    await reading().pool.query('update source_commits set processed_at = null where source_id = $1', [source.id]);
    for (const pid of reading().renderer.pids) process.kill(pid, 'SIGKILL');
    await source.read();
    expect(await releases(name)).toEqual(before);
    expect(await reading().readCommit.listUnread()).not.toContain(source.id);
  });

  it('renders anew where the labels of a cluster changed what is used of them', async () => {
    const name = `${prefix}-shop`;
    await reading().addCluster(`${prefix}-moving`, { ring: 'canary' });
    await source.push(app(name, '${cluster.labels.ring}'));
    await reading().pool.query(
      `update clusters set labels = '{"ring":"moved"}', facts_version = facts_version + 1 where name = $1`,
      [`${prefix}-moving`],
    );
    await source.read();
    const [newest] = await releases(name);
    expect(newest).toMatchObject({ number: 2 });
    const { objects } = await reading().show.getManifests({
      release: newest!.id,
      app: name,
      cluster: `${prefix}-moving`,
    });
    expect(objects[0]).toMatchObject({ data: { value: 'moved' } });
    await reading().pool.query(`update clusters set revoked_at = now() where name = $1`, [`${prefix}-moving`]);
  });

  it('renders nothing anew for a label that an app does not use, but does for one that selects its targets', async () => {
    const [plain, chosen] = [`${prefix}-plain`, `${prefix}-chosen`];
    const cluster = `${prefix}-labelled`;
    await reading().addCluster(cluster, { ring: 'canary', team: 'web' });
    const targets = '  targets: [{ selector: { matchExpressions: [{ key: gpu, operator: DoesNotExist }] } }]\n';
    await source.push({ ...app(plain), ...app(chosen, 'one', targets) });
    // A render leaves its commit behind: where the trace was taken over, the old one stands.
    const marker = 'earlier';
    const rendered = async () => {
      const { rows } = await reading().pool.query<{ name: string }>(
        `select a.name from render_traces t join apps a on a.id = t.app_id join clusters c on c.id = t.cluster_id
         where c.name = $1 and t.commit <> $2 order by a.name`,
        [cluster, marker],
      );
      return rows.map(({ name }) => name);
    };
    const relabel = async (labels: Record<string, string>) => {
      await reading().pool.query(`update render_traces set commit = $1`, [marker]);
      await reading().pool.query(`update clusters set labels = $1, facts_version = facts_version + 1 where name = $2`, [
        JSON.stringify(labels),
        cluster,
      ]);
      await source.read();
      return rendered();
    };
    expect(await relabel({ ring: 'canary', team: 'data' })).toEqual([]);
    expect(await relabel({ ring: 'canary', team: 'data', gpu: 'a100' })).toEqual([chosen]);
    await reading().pool.query(`update clusters set revoked_at = now() where name = $1`, [cluster]);
  });

  it('holds objects against the schemas of their cluster: warns, or refuses where the app says strict', async () => {
    const [loose, strict] = [`${prefix}-loose`, `${prefix}-strict`];
    const typo = 'apiVersion: v1\nkind: Service\nmetadata: { name: s }\nspec: { ports: [{ prt: 80 }] }\n';
    await source.push({
      ...app(loose),
      [`${loose}/manifests/service.yaml`]: typo,
      ...app(strict, 'one', '  validation: { schema: strict }\n'),
      [`${strict}/manifests/service.yaml`]: typo,
    });
    const message = 'Service "s": unknown field "prt", at /spec/ports/0/prt';
    const [warned] = await releases(loose);
    expect(warned).toMatchObject({ state: 'ready' });
    expect((await reading().show.getRelease(warned!.id)).errors).toContainEqual(
      expect.objectContaining({ file: `${loose}/manifests/service.yaml`, message, hint: 'did you mean "port"?' }),
    );
    const [refused] = await releases(strict);
    expect(refused).toMatchObject({ state: 'waiting' });
    expect((await reading().show.getRelease(refused!.id)).errors).toContainEqual(expect.objectContaining({ message }));
  });

  it('holds objects against the policies above their app, and renders anew when a policy changes', async () => {
    const [inside, beside] = [`${prefix}-inside`, `${prefix}-beside`];
    const policy = (action: string) =>
      `apiVersion: fairlead.dev/v1\nkind: Policy\nmetadata: { name: named }\nspec:\n  action: ${action}\n  rules:\n  - { expression: 'has(object.metadata.labels)', message: needs labels }\n`;
    const nested = Object.fromEntries(Object.entries(app(inside)).map(([path, text]) => [`team/${path}`, text]));
    await source.push({ ...nested, ...app(beside), 'team/fairlead-policies.yaml': policy('deny') });
    const message = 'ConfigMap "config": policy "named": needs labels';
    const [refused] = await releases(inside);
    expect(refused).toMatchObject({ state: 'waiting' });
    expect((await reading().show.getRelease(refused!.id)).errors).toContainEqual(
      expect.objectContaining({ file: `team/${inside}/manifests/config.yaml`, message }),
    );
    expect(await releases(beside)).toMatchObject([{ state: 'ready' }]);
    await source.push({ 'team/fairlead-policies.yaml': policy('warn') });
    const [warned] = await releases(inside);
    expect(warned).toMatchObject({ number: 2, state: 'ready' });
    expect((await reading().show.getRelease(warned!.id)).errors[0]?.message).toContain('(warn): needs labels');
    expect(await releases(beside)).toHaveLength(1);
    await source.push({ 'team/fairlead-policies.yaml': 'kind: Policy\n' });
    expect(await releases(inside)).toMatchObject([{ number: 3, state: 'waiting' }, {}, {}]);
  });
});
