import { join, relative, resolve } from 'node:path';
import { CodedError } from '@fairlead/shared/kernel';
import {
  ExternalNeeded,
  formatFinding,
  parseApp,
  renderTarget,
  type Finding,
  type RenderResult,
} from '@fairlead/render';
import type { Command } from 'commander';
import { parseLabels } from '../../arguments.ts';
import { action } from '../../command-context.ts';
import type { Terminal } from '../../terminal.ts';
import { localTree, repositoryRoot } from './local-tree.ts';

interface RenderOptions {
  cluster: string;
  labels?: string;
  annotations?: string;
  kubernetesVersion?: string;
}

/** `fairlead render DIR`: what the app of a local directory comes to on a cluster, without a hub. */
export function addRender(program: Command, terminal: Terminal): void {
  program
    .command('render <directory>')
    .description('the objects that the app of a local directory comes to on a cluster; asks no hub')
    .option('--cluster <name>', 'name of the cluster', 'local')
    .option('--labels <labels>', 'labels of the cluster, such as env=prod,region=eu')
    .option('--annotations <annotations>', 'annotations of the cluster, written the same way')
    .option('--kubernetes-version <version>', 'such as v1.34.3')
    .action(
      action<[string], RenderOptions>(terminal, ({ options, printer }, directory) => {
        const root = repositoryRoot(resolve(terminal.cwd, directory));
        const result = render(root, relative(root, resolve(terminal.cwd, directory)), options);
        if (!result.ok) throw refusal(result.errors);
        if (!result.deploy) return printer.remark(`The app is not on the cluster ${options.cluster}.`);
        if (printer.format === 'json' || printer.format === 'yaml') return printer.document({ items: result.objects });
        // JSON is YAML: what is printed can be applied as it is.
        for (const object of result.objects) printer.text(`---\n${JSON.stringify(object, null, 2)}`);
      }),
    );
}

type Rendered = Extract<RenderResult, { ok: true }> | { ok: false; errors: readonly Finding[] };

function render(root: string, appDir: string, options: RenderOptions): Rendered {
  const tree = localTree(root);
  const file = join(appDir, 'fairlead.yaml');
  const content = tree.readFile(file);
  if (content === null) {
    throw new CodedError({ code: 'cli.no-app', kind: 'invalid' }, 'There is no fairlead.yaml in this directory', {
      directory: join(root, appDir),
    });
  }
  const parsed = parseApp(new TextDecoder().decode(Buffer.from(content)), file);
  if (!parsed.ok) return { ok: false, errors: parsed.errors };
  const cluster = {
    name: options.cluster,
    labels: parseLabels(options.labels ?? ''),
    annotations: parseLabels(options.annotations ?? ''),
    kubernetesVersion: options.kubernetesVersion ?? null,
  };
  try {
    return renderTarget({ tree, appDir, app: parsed.app, cluster });
  } catch (error) {
    if (!(error instanceof ExternalNeeded)) throw error;
    const message = `this app is built by the real ${error.request.engine}, which only a hub runs`;
    return { ok: false, errors: [{ file, message }] };
  }
}

function refusal(errors: readonly Finding[]): CodedError {
  return new CodedError({ code: 'cli.not-rendered', kind: 'invalid' }, 'The app does not render', {
    errors: errors.map(formatFinding).join('\n'),
  });
}
