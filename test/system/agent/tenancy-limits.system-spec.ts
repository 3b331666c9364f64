import { eventually } from '@fairlead/shared/test-kit';
import { dump } from 'js-yaml';
import { presetYaml } from '../../../apps/agent/src/rbac/preset-yaml.ts';
import type { BedCluster } from '../../bed/bed.ts';
import { configMap } from '../../fixtures/kube-objects.ts';
import { ApiStub } from '../../harness/api-stub.ts';
import { useBed } from '../../harness/bed.ts';
import { LoneAgent } from '../../harness/lone-agent.ts';

// New names for each run: what an earlier run left in the cluster is another agent's.
const run = Date.now().toString(36);
const shop = `tenancy-shop-${run}`;
const other = `tenancy-other-${run}`;

describe('an agent among tenants', () => {
  const clusters = useBed(1);
  const cluster = (): BedCluster => {
    const [first] = clusters();
    if (first === undefined) throw new Error('no cluster');
    return first;
  };
  const apply = (...objects: object[]) =>
    cluster().kubectl(['apply', '-f', '-'], { input: objects.map((object) => dump(object)).join('---\n') });
  const namespace = (name: string) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  const live = async (where: string, name: string) => {
    const path = ['-n', where, 'get', 'configmap', name, '--ignore-not-found', '-o', 'name'];
    return (await cluster().kubectl(path)).stdout.trim();
  };
  const failed = (agent: LoneAgent, app: string, counter: number) =>
    eventually(
      () => {
        const ack = agent.hub.acks(app).findLast((message) => message.counter === counter);
        if (ack?.phase !== 'failed') throw new Error(`ack is ${JSON.stringify(ack)}`);
        return ack;
      },
      { timeoutMs: 20_000 },
    );
  const healthy = (agent: LoneAgent, assignment: ReturnType<LoneAgent['hub']['assign']>) =>
    eventually(() => agent.hub.expectHealthy(assignment), { timeoutMs: 20_000 });

  beforeAll(async () => {
    await apply(namespace(shop), namespace(other));
  });

  describe('that acts as the service account of an app', () => {
    let stub: ApiStub;
    let agent: LoneAgent;

    beforeAll(async () => {
      stub = await ApiStub.start(cluster());
      agent = await LoneAgent.start(cluster(), `tenancy-agent-${run}`, {
        kubeconfig: stub.kubeconfig(cluster().token),
      });
      await apply(
        { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'deployer', namespace: shop } },
        {
          apiVersion: 'rbac.authorization.k8s.io/v1',
          kind: 'Role',
          metadata: { name: 'deployer', namespace: shop },
          rules: [{ apiGroups: [''], resources: ['configmaps'], verbs: ['get', 'patch', 'create', 'delete'] }],
        },
        {
          apiVersion: 'rbac.authorization.k8s.io/v1',
          kind: 'RoleBinding',
          metadata: { name: 'deployer', namespace: shop },
          roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'deployer' },
          // Only the group: that the server knows the groups of the account by itself is part of what is shown.
          subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: `system:serviceaccounts:${shop}` }],
        },
      );
    }, 60_000);

    afterAll(async () => {
      await agent?.stop();
      await stub?.close();
    });

    const user = `system:serviceaccount:${shop}:deployer`;

    it('[case 176] has the rights of that account, and one kind that it lacks fails alone', async () => {
      const settings = { namespace: shop, serviceAccount: 'deployer' };
      const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'denied' }, data: {} };
      const objects = [configMap('first', { a: '1' }), configMap('second', { a: '1' }), secret];
      const assignment = agent.hub.assign('acts', objects, { settings });
      const ack = await failed(agent, 'acts', assignment.counter);
      expect(ack.permanent).toBe(false);
      expect(ack.failures).toMatchObject([{ object: `/Secret/${shop}/denied`, reason: 'Forbidden' }]);
      expect(ack.failures[0]?.message).toContain(`User "${user}" cannot get resource "secrets"`);
      expect([await live(shop, 'first'), await live(shop, 'second')]).toEqual(['configmap/first', 'configmap/second']);
    });

    it('makes every request about its objects so, and its own as itself', async () => {
      stub.forget();
      const settings = { namespace: shop, serviceAccount: `${shop}/deployer`, prune: { ...unguarded } };
      await healthy(
        agent,
        agent.hub.assign('as', [configMap('kept', { a: '1' }), configMap('gone', {})], { settings }),
      );
      await healthy(agent, agent.hub.assign('as', [configMap('kept', { a: '2' })], { settings }));
      await eventually(async () => expect(await live(shop, 'gone')).toBe(''), { timeoutMs: 20_000 });
      const users = (isAboutObjects: boolean) =>
        new Set(
          stub.requests
            .filter(({ url }) => /\/configmaps\/(kept|gone)/.test(url) === isAboutObjects)
            .map(({ headers }) => headers['impersonate-user']),
        );
      expect(users(true)).toEqual(new Set([user]));
      expect(users(false)).toEqual(new Set([undefined]));
    });

    it('uses rights that came meanwhile when it is asked again', async () => {
      const settings = { namespace: shop, serviceAccount: `${other}/nobody` };
      const objects = Array.from({ length: 3 }, (_, index) => configMap(`later-${index}`, {}));
      const assignment = agent.hub.assign('later', objects, { settings });
      await failed(agent, 'later', assignment.counter);
      await apply({
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'RoleBinding',
        metadata: { name: 'nobody', namespace: shop },
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'deployer' },
        subjects: [{ kind: 'ServiceAccount', name: 'nobody', namespace: other }],
      });
      // Waiting for the next look takes five minutes; asking again for the same does not.
      await healthy(agent, agent.hub.assign('later', objects, { settings }));
    });
  });

  describe('that was told where it is started what apps may do', () => {
    let stub: ApiStub;
    let agent: LoneAgent;

    beforeAll(async () => {
      stub = await ApiStub.start(cluster());
      agent = await LoneAgent.start(cluster(), `tenancy-limits-${run}`, {
        kubeconfig: stub.kubeconfig(cluster().token),
        env: {
          FAIRLEAD_ALLOWED_NAMESPACES: `${shop},tenancy-team-*`,
          FAIRLEAD_ALLOWED_KINDS: 'ConfigMap,Namespace,rbac.authorization.k8s.io/*',
          FAIRLEAD_CLUSTER_SCOPED: 'deny',
        },
      });
    }, 60_000);

    afterAll(async () => {
      await agent?.stop();
      await stub?.close();
    });

    it('writes what it may, and asks the server nothing about the rest', async () => {
      stub.forget();
      const objects = [
        configMap('inside', { a: '1' }),
        { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'outside', namespace: other }, data: {} },
        { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'kind' }, data: {} },
        {
          apiVersion: 'rbac.authorization.k8s.io/v1',
          kind: 'ClusterRole',
          metadata: { name: `wide-${run}` },
          rules: [],
        },
      ];
      const assignment = agent.hub.assign('limited', objects, { settings: { namespace: shop } });
      const ack = await failed(agent, 'limited', assignment.counter);
      expect(ack.permanent).toBe(true);
      expect(
        Object.fromEntries(ack.failures.map(({ object, reason, message }) => [object, `${reason}: ${message}`])),
      ).toEqual({
        [`/ConfigMap/${other}/outside`]: `NotAllowedHere: this agent does not touch the namespace ${other}`,
        [`/Secret/${shop}/kind`]: 'NotAllowedHere: this agent does not touch the kind Secret',
        [`rbac.authorization.k8s.io/ClusterRole//wide-${run}`]:
          'NotAllowedHere: this agent does not touch objects outside namespaces',
      });
      expect(await live(shop, 'inside')).toBe('configmap/inside');
      expect(stub.requests.filter(({ url }) => /outside|secrets\/kind|wide-/.test(url))).toEqual([]);
    });

    it('makes no namespace that it may not, and none at all without rights outside namespaces', async () => {
      stub.forget();
      for (const [index, wanted] of [`tenancy-elsewhere-${run}`, `tenancy-team-${run}`].entries()) {
        const settings = { namespace: wanted, createNamespace: true };
        const assignment = agent.hub.assign(`makes-${index}`, [configMap('a', {})], { settings });
        const ack = await failed(agent, `makes-${index}`, assignment.counter);
        expect(ack.failures[0]?.reason).toBe(index === 0 ? 'NotAllowedHere' : 'NamespaceMissing');
      }
      expect(stub.writes().filter(({ url }) => /\/namespaces\/tenancy-[a-z]+-[a-z0-9]+\?/.test(url))).toEqual([]);
    });

    it('acts as no service account of a namespace that is out of bounds', async () => {
      const settings = { namespace: shop, serviceAccount: 'kube-system/namespace-controller' };
      const assignment = agent.hub.assign('climbs', [configMap('climbs', {})], { settings });
      const ack = await failed(agent, 'climbs', assignment.counter);
      expect(ack).toMatchObject({ permanent: true, failures: [{ reason: 'NotAllowedHere' }] });
      expect(await live(shop, 'climbs')).toBe('');
    });
  });

  describe('with the rights of the preset "namespaced"', () => {
    let agent: LoneAgent;
    let stub: ApiStub;
    const home = `tenancy-preset-${run}`;

    beforeAll(async () => {
      // The names of cluster-wide grants are the same for every agent: this one's are taken away at the end.
      const text = presetYaml('namespaced', { agentNamespace: home, namespaces: [shop] });
      await cluster().kubectl(['apply', '-f', '-'], { input: text });
      const { stdout: token } = await cluster().kubectl(['-n', home, 'create', 'token', 'fairlead-agent']);
      stub = await ApiStub.start(cluster());
      agent = await LoneAgent.start(cluster(), home, { kubeconfig: stub.kubeconfig(token.trim()) });
    }, 60_000);

    afterAll(async () => {
      await agent?.stop();
      await stub?.close();
      await cluster().kubectl(['delete', 'clusterrole,clusterrolebinding', 'fairlead-agent', '--ignore-not-found']);
    });

    it('works in its namespaces', async () => {
      const settings = { namespace: shop, createNamespace: true };
      const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'preset' }, data: {} };
      await healthy(agent, agent.hub.assign('preset', [configMap('preset', { a: '1' }), secret], { settings }));
    });

    it('tells what it may not do elsewhere', async () => {
      const assignment = agent.hub.assign('strays', [configMap('strays', {})], { settings: { namespace: other } });
      const ack = await failed(agent, 'strays', assignment.counter);
      expect(ack.failures).toMatchObject([{ reason: 'Forbidden' }]);
      expect(ack.failures[0]?.message).toMatch(/cannot get resource "configmaps" .* in the namespace/);
    });
  });
});

const unguarded = {
  enabled: true,
  maxDeletes: '100%',
  confirm: [] as string[],
  allowEmpty: false,
  propagation: 'background' as const,
  cascade: false,
};
