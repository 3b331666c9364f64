import type { FileTree } from './shop-tree.ts';
import { shopTree } from './shop-tree.ts';

/** Many apps with contents of their own, each with one overlay of 23 objects for every cluster. */
export function fleetTree(apps: number, clusters: number): FileTree {
  const shop = shopTree(clusters);
  const files = new Map<string, string>();
  for (let index = 0; index < apps; index += 1) {
    const name = appName(index);
    files.set(`apps/${name}/fairlead.yaml`, manifest(name, '"overlays/${cluster.name}"'));
    for (const [path, text] of shop) {
      const own = text.replaceAll('registry.example/', `registry.example/${name}/`).replaceAll(': shop-', `: ${name}-`);
      files.set(`apps/${name}/${path}`, own);
    }
  }
  return files;
}

/** Many small apps of two objects, the same on every cluster. */
export function smallApps(apps: number): FileTree {
  const files = new Map<string, string>();
  for (let index = 0; index < apps; index += 1) {
    const name = appName(index);
    files.set(`apps/${name}/fairlead.yaml`, manifest(name, 'manifests'));
    files.set(`apps/${name}/manifests/config.yaml`, smallConfig(index, 0));
    files.set(
      `apps/${name}/manifests/account.yaml`,
      `apiVersion: v1\nkind: ServiceAccount\nmetadata: { name: ${name} }\n`,
    );
  }
  return files;
}

/** The file of a small app that changes from commit to commit. */
export function smallConfig(index: number, round: number): string {
  return `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: config }\ndata: { app: ${appName(index)}, round: "${round}" }\n`;
}

/** The name of an app and of its directory. */
export function appName(index: number): string {
  return `a${String(index).padStart(3, '0')}`;
}

function manifest(name: string, path: string): string {
  return `apiVersion: fairlead.dev/v1\nkind: App\nmetadata: { name: ${name} }\nspec:\n  namespace: ${name}\n  render: { path: ${path} }\n`;
}
