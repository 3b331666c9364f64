import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { runCli } from '../../run-cli.ts';
import { recordTerminal } from '../../test-terminal.ts';

const appHead = 'apiVersion: fairlead.dev/v1\nkind: App\nmetadata: { name: shop }\n';
let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'fairlead-render-'));
  mkdirSync(join(root, '.git'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(files: Readonly<Record<string, string>>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
}

async function render(...args: string[]) {
  const terminal = recordTerminal({ cwd: root });
  await runCli(['render', ...args], terminal);
  return terminal;
}

describe('fairlead render', () => {
  it('prints what an app comes to on a cluster, with files from anywhere in the repository', async () => {
    write({
      'shop/fairlead.yaml': `${appHead}spec:\n  namespace: shop\n  render: { path: '../overlays/\${cluster.labels.env}' }\n`,
      'overlays/prod/kustomization.yaml': 'resources: [../../base]\nnamePrefix: p-\n',
      'base/kustomization.yaml': 'resources: [c.yaml]\n',
      'base/c.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: c }\ndata: { on: "${cluster.name}" }\n',
    });
    const terminal = await render('shop', '--cluster', 'eu-1', '--labels', 'env=prod', '--output', 'json');
    expect(JSON.parse(terminal.output())).toEqual({
      items: [
        { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'p-c', namespace: 'shop' }, data: { on: 'eu-1' } },
      ],
    });
    const text = (await render('shop', '--labels', 'env=prod')).output();
    expect(text.startsWith('---\n{')).toBe(true);
  });

  it('says where a mistake is, and fails', async () => {
    write({
      'shop/fairlead.yaml': appHead,
      'shop/c.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: "${cluster.nam}" }\n',
    });
    const terminal = await render('shop');
    expect(terminal.exitCode()).toBe(2);
    expect(terminal.errors()).toContain('shop/c.yaml:1: unknown variable "cluster.nam"');
    expect(terminal.errors()).toContain('did you mean "cluster.name"?');
  });

  it('follows no link out of the repository', async () => {
    write({ 'shop/fairlead.yaml': appHead, 'shop/c.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: c }\n' });
    symlinkSync('/etc/hostname', join(root, 'shop/link.yaml'));
    expect(JSON.parse((await render('shop', '--output', 'json')).output()).items).toHaveLength(1);
  });

  it('needs a fairlead.yaml', async () => {
    expect((await render('.')).errors()).toContain('fairlead.yaml');
  });
});
