import { ensureBinaries } from '../bed/bed.ts';
import { useFleet } from '../harness/fleet.ts';

describe('an app that is a chart', () => {
  const fleet = useFleet({
    clusters: { solo: { ring: 'canary' } },
    env: async () => ({ FAIRLEAD_HELM: (await ensureBinaries(undefined, { names: ['helm'] })).helm }),
  });
  const files = (image: string) => ({
    'fairlead.yaml': `apiVersion: fairlead.dev/v1
kind: App
metadata: { name: ${fleet().prefix}-web }
spec:
  namespace: ${fleet().prefix}-web
  createNamespace: true
  render: { type: helm }
  helm: { chart: ./chart, values: { image: "${image}", cluster: "\${cluster.name}" } }
  rollout: { group: ${fleet().prefix} }
`,
    'chart/Chart.yaml': 'apiVersion: v2\nname: web\nversion: 1.0.0\n',
    'chart/templates/deployment.yaml': `apiVersion: apps/v1
kind: Deployment
metadata: { name: {{ .Release.Name }}, labels: { cluster: {{ .Values.cluster }} } }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: main, image: {{ .Values.image | quote }} }] }
`,
    'chart/templates/migrate.yaml': `apiVersion: v1
kind: ConfigMap
metadata:
  name: before
  annotations: { "helm.sh/hook": "pre-install,pre-upgrade", "helm.sh/hook-delete-policy": before-hook-creation }
data: { image: {{ .Values.image | quote }} }
`,
    'chart/templates/tests/check.yaml': `apiVersion: v1
kind: Pod
metadata: { name: check, annotations: { "helm.sh/hook": test } }
spec: { containers: [{ name: main, image: "registry.example/check:1" }] }
`,
  });
  const ask = async (...args: string[]) => {
    const { stdout } = await fleet()
      .cluster('solo')
      .kubectl(['-n', `${fleet().prefix}-web`, ...args]);
    return stdout;
  };

  it('rolls out like any other, with its hooks and without its tests', async () => {
    for (const image of ['registry.example/web:1', 'registry.example/web:2']) {
      await fleet().push(files(image), image);
      await fleet().rollout((rollout) => rollout.release.subject === image && rollout.state === 'succeeded');
      const deployment = JSON.parse(await ask('get', 'deployment', `${fleet().prefix}-web`, '-o', 'json')) as {
        metadata: { labels: Record<string, string> };
        spec: { template: { spec: { containers: { image: string }[] } } };
      };
      expect(deployment.spec.template.spec.containers[0]?.image).toBe(image);
      expect(deployment.metadata.labels['cluster']).toBe('solo');
      expect(await ask('get', 'configmap', 'before', '-o', 'jsonpath={.data.image}')).toBe(image);
    }
    expect(await ask('get', 'pods', '-o', 'name')).not.toContain('check');
  });
});
