import { parseApp } from '../app/parse-app.ts';
import { renderTarget } from '../render-target.ts';
import { textTree } from '../source/memory-tree.ts';
import { ExternalNeeded } from './external-engine.ts';

const cluster = { name: 'west-1', labels: { ring: '--debug' }, annotations: {}, kubernetesVersion: null };

function render(releaseName: string) {
  const spec = `spec: { render: { type: helm }, helm: { releaseName: "${releaseName}" } }`;
  const text = `apiVersion: fairlead.dev/v1\nkind: App\nmetadata: { name: shop }\n${spec}\n`;
  const parsed = parseApp(text, 'fairlead.yaml');
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
  const tree = textTree({ 'fairlead.yaml': text, 'Chart.yaml': 'apiVersion: v2\nname: c\nversion: 1.0.0\n' });
  return () => renderTarget({ tree, appDir: '', app: parsed.app, cluster });
}

describe('the name of a release', () => {
  it('reaches helm as it is', () => {
    expect(render('shop-1')).toThrow(ExternalNeeded);
  });

  it.each(['--post-renderer=x', '${cluster.labels.ring}', 'Shop', 'a b', 'x'.repeat(54)])(
    'is never something that helm could take for an option, or refuse: %s',
    (name) => {
      const result = render(name)();
      expect(result.ok ? '' : result.errors[0]?.message).toMatch(/is no name of a release/);
    },
  );
});
