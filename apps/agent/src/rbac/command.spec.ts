import { loadAll } from 'js-yaml';
import { rbacCommand } from './command.ts';

interface Granted {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly rules?: readonly { readonly resources: readonly string[]; readonly verbs: readonly string[] }[];
}

const granted = (...argv: string[]) => loadAll(rbacCommand(argv)) as Granted[];

describe('what an agent may be granted', () => {
  it('is everything with cluster-admin, through the role that is there', () => {
    expect(granted('--preset', 'cluster-admin').map(({ kind }) => kind)).toEqual([
      'Namespace',
      'ServiceAccount',
      'ClusterRoleBinding',
    ]);
  });

  it('is something only in the given namespaces with namespaced', () => {
    const objects = granted('--preset', 'namespaced', '--namespaces', 'shop,team-a', '--namespace', 'tools');
    const roles = objects.filter(({ kind }) => kind === 'Role').map(({ metadata }) => metadata.namespace);
    expect(roles).toEqual(['tools', 'shop', 'team-a']);
    const writesEverywhere = objects
      .filter(({ kind }) => kind === 'ClusterRole')
      .flatMap(({ rules = [] }) => rules.flatMap(({ verbs }) => verbs))
      .filter((verb) => verb !== 'get');
    expect(writesEverywhere).toEqual([]);
  });

  it('is no Secret of an app and no write with restricted, but to act as its service accounts', () => {
    const objects = granted('--preset', 'restricted', '--namespaces', 'shop');
    const rules = objects.find(({ kind, metadata }) => kind === 'Role' && metadata.namespace === 'shop')?.rules ?? [];
    expect(rules.flatMap(({ resources }) => resources)).not.toContain('secrets');
    expect(new Set(rules.flatMap(({ verbs }) => verbs))).toEqual(new Set(['impersonate', 'get', 'list', 'watch']));
    expect(rbacCommand(['--preset', 'restricted', '--namespaces', 'shop'])).toContain(
      'FAIRLEAD_REQUIRE_SERVICE_ACCOUNT=true',
    );
  });

  it.each([
    [['--preset', 'root']],
    [['--preset', 'namespaced']],
    [['--preset', 'cluster-admin', '--namespaces', 'shop']],
    [['--preset', 'namespaced', '--namespaces', 'Shop']],
    [['--else']],
  ])('is refused for %j', (argv) => {
    expect(() => rbacCommand(argv)).toThrow('the configuration is not valid');
  });
});
