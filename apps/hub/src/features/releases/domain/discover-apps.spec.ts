import { defaultTargetSettings } from '@fairlead/shared/contracts';
import type { AppDefinition, ReadApp } from './app-definition.ts';
import { defaultStrategy, discoverApps, strategyOfGroup, type Surroundings } from './discover-apps.ts';

const around = (overrides: Partial<Surroundings> = {}): Surroundings => ({
  apps: [],
  elsewhere: [],
  foreignGroups: [],
  source: 'main',
  ...overrides,
});

const anApp = (name: string, overrides: Partial<AppDefinition> = {}): AppDefinition => ({
  name,
  file: `${name}/fairlead.yaml`,
  group: null,
  strategy: defaultStrategy,
  dependsOn: [],
  settings: {
    ...defaultTargetSettings,
    namespace: name,
    createNamespace: false,
    driftMode: 'correct',
    prune: { ...defaultTargetSettings.prune, confirm: [] },
  },
  onError: 'wait',
  suspend: false,
  ...overrides,
});
const read = (app: AppDefinition): ReadApp => ({ ok: true, file: app.file, app });
const on = (app: string, condition: 'applied' | 'healthy' = 'healthy') => [{ app, condition }];
const manual = { ...defaultStrategy, trigger: 'manual' as const };

describe('discovering apps', () => {
  it('takes an unreadable file for the app that stood in its directory', () => {
    const error = { file: 'a/fairlead.yaml', line: 1, column: 1, message: 'no YAML', hint: null };
    const broken: ReadApp = { ok: false, file: 'a/fairlead.yaml', name: null, errors: [error] };
    const known = around({ apps: [{ name: 'shop', directory: 'a', source: 'main' }] });
    expect(discoverApps([broken], known)).toMatchObject({ refused: [{ name: 'shop', errors: [error] }], vanished: [] });
    expect(discoverApps([broken], around())).toMatchObject({ refused: [{ name: null }], definitions: [] });
  });

  it('does not let a refused file make its app vanish, nor a file of another source', () => {
    const apps = [
      { name: 'a', directory: 'a', source: 'main' },
      { name: 'b', directory: 'b', source: 'main' },
      { name: 'c', directory: 'c', source: 'other' },
    ];
    const broken: ReadApp = { ok: false, file: 'a/fairlead.yaml', name: 'a', errors: [] };
    expect(discoverApps([broken], around({ apps })).vanished).toEqual(['b']);
  });

  it('refuses a name that is no name', () => {
    const broken: ReadApp = { ok: false, file: 'a/fairlead.yaml', name: 'Not A Name', errors: [] };
    expect(discoverApps([broken], around()).definitions).toEqual([]);
  });

  it('refuses every file of a name that is defined twice, and only those', () => {
    const twice = [anApp('a'), anApp('a', { file: 'b/fairlead.yaml' }), anApp('c')];
    const { accepted, refused } = discoverApps(twice.map(read), around());
    expect(accepted.map(({ name }) => name)).toEqual(['c']);
    expect(refused.map(({ file }) => file)).toEqual(['a/fairlead.yaml', 'b/fairlead.yaml']);
  });

  it('refuses an app whose group has apps in another source', () => {
    const { refused } = discoverApps(
      [read(anApp('a', { group: 'g' }))],
      around({ foreignGroups: [{ name: 'g', source: 'other' }] }),
    );
    expect(refused[0]?.errors[0]?.message).toMatch('belongs to the source "other"');
  });

  it('lets apps of a group leave the rollout to one of them', () => {
    const members = [anApp('a', { group: 'g' }), anApp('b', { group: 'g', strategy: manual })];
    expect(discoverApps(members.map(read), around()).refused).toEqual([]);
    expect(strategyOfGroup(members)).toBe(manual);
  });

  it('refuses what depends on a refused app only if nobody knows it', () => {
    const broken: ReadApp = { ok: false, file: 'a/fairlead.yaml', name: 'a', errors: [] };
    const dependent = read(anApp('b', { dependsOn: on('a') }));
    const known = around({ apps: [{ name: 'a', directory: 'a', source: 'main' }] });
    expect(discoverApps([broken, dependent], known).accepted).toHaveLength(1);
    expect(discoverApps([broken, dependent], around()).accepted).toHaveLength(0);
  });

  it('refuses the apps of a circle and leaves those that only lead to it', () => {
    const apps = [
      anApp('a', { dependsOn: on('b') }),
      anApp('b', { dependsOn: on('c') }),
      anApp('c', { dependsOn: on('b') }),
    ];
    const { accepted, refused } = discoverApps(apps.map(read), around());
    expect(refused.map(({ name }) => name)).toEqual(['b', 'c']);
    expect(accepted.map(({ name }) => name)).toEqual(['a']);
  });
});
