import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { KubeObject } from '@fairlead/manifests';
import { parseApp, renderTarget, type SourceTree } from '@fairlead/render';

const directory = join(import.meta.dirname, 'sample');
const tree: SourceTree = {
  readFile: (path) => {
    const file = join(directory, path);
    return existsSync(file) && statSync(file).isFile() ? readFileSync(file, 'utf8') : null;
  },
  listDirectory: (path) => {
    const folder = join(directory, path);
    return existsSync(folder) && statSync(folder).isDirectory() ? readdirSync(folder) : null;
  },
};

function render(app: string, ring: string): KubeObject[] {
  const file = `apps/${app}/fairlead.yaml`;
  const parsed = parseApp(String(tree.readFile(file)), file);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
  const cluster = { name: `${ring}-1`, labels: { ring }, annotations: {}, kubernetesVersion: 'v1.34.3' };
  const result = renderTarget({ tree, appDir: `apps/${app}`, app: parsed.app, cluster });
  if (!result.ok) throw new Error(JSON.stringify(result.errors));
  return result.objects;
}

describe('the sample of npm start', () => {
  it.each(['canary', 'early', 'rest'])('renders both apps for the ring %s', (ring) => {
    for (const app of ['gateway', 'orders']) {
      const kinds = render(app, ring).map((object) => object.kind);
      expect(kinds).toEqual(expect.arrayContaining(['ConfigMap', 'Service', 'Deployment']));
    }
  });

  it('differs from ring to ring', () => {
    const rate = (ring: string) =>
      render('orders', ring).find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === 'limits');
    expect(rate('canary')).toMatchObject({ data: { rate: '10' } });
    expect(rate('early')).toMatchObject({ data: { rate: '100' } });
    expect(rate('rest')).toMatchObject({ data: { rate: '500' } });
  });

  it('has the image line that npm run demo changes', () => {
    expect(String(tree.readFile('apps/orders/base/kustomization.yaml'))).toMatch(/newTag: '1\.0' \}/);
  });
});
