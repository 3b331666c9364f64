import type { ExternalOutput, ExternalRequest } from '@fairlead/render';
import { findWrapper, runSandboxed, type SandboxedFile, type SandboxedResult } from './sandbox.ts';
import { asksForTime, describeDifference } from './unsteady-templates.ts';

export interface ExternalEngineOptions {
  /** Paths of the programs; null: not set up on this hub. */
  readonly helm: string | null;
  readonly kustomize: string | null;
  readonly timeoutMs: number;
}

type HelmRequest = Extract<ExternalRequest, { engine: 'helm' }>;

const mostMessage = 2000;

/** Runs the real helm and kustomize for renders that need them, each time in a sandbox of its own. */
export class ExternalEngine {
  readonly #options: ExternalEngineOptions;
  #wrapper: Promise<string[]> | null = null;

  constructor(options: ExternalEngineOptions) {
    this.#options = options;
  }

  /** What the program prints; a refusal of the program is an output too. Never throws for what stands in Git. */
  async run(request: ExternalRequest): Promise<ExternalOutput> {
    const binary = this.#options[request.engine];
    if (binary === null) {
      const variable = request.engine === 'helm' ? 'FAIRLEAD_HELM' : 'FAIRLEAD_KUSTOMIZE';
      return refuse(`this needs ${request.engine}, which is not set up: give its path to the hub as ${variable}`);
    }
    return request.engine === 'helm' ? this.#helm(binary, request) : this.#kustomize(binary, request);
  }

  async #kustomize(binary: string, { directory, files }: Extract<ExternalRequest, { engine: 'kustomize' }>) {
    // A directory may be named like an option.
    const args = ['build', `./${directory}`];
    return outputOf('kustomize', await this.#run(binary, args, files));
  }

  /** Twice, in two processes: what differs is no release. */
  async #helm(binary: string, request: HelmRequest): Promise<ExternalOutput> {
    const args = helmArguments(request);
    const first = outputOf('helm', await this.#run(binary, args, request.files));
    if (!first.ok) return first;
    // Times are printed in seconds: the second run must be in another one.
    if (templatesOf(request).some(([, text]) => asksForTime(text))) await nextSecond();
    const second = outputOf('helm', await this.#run(binary, args, request.files));
    if (!second.ok) return second;
    const templates = new Map(templatesOf(request));
    const difference = describeDifference(first.text, second.text, (source) => templates.get(source) ?? null);
    return difference === null ? first : refuse(difference);
  }

  async #run(binary: string, args: readonly string[], files: readonly SandboxedFile[]): Promise<SandboxedResult> {
    this.#wrapper ??= findWrapper(this.#options.timeoutMs);
    return runSandboxed({ binary, args, files, timeoutMs: this.#options.timeoutMs }, await this.#wrapper);
  }
}

function helmArguments(request: HelmRequest): string[] {
  const { releaseName, chart, namespace, valuesFiles, kubernetesVersion, includeCrds } = request;
  return [
    'template',
    releaseName,
    `./${chart}`,
    ...['--namespace', namespace],
    '--skip-tests',
    ...(includeCrds ? ['--include-crds'] : []),
    ...(kubernetesVersion === null ? [] : ['--kube-version', kubernetesVersion]),
    ...valuesFiles.flatMap((path) => ['--values', path]),
  ];
}

/** Templates by the name that helm prints for them: `chart/templates/x.yaml`. */
function templatesOf({ chart, files }: HelmRequest): [string, string][] {
  const prefix = chart === '' ? '' : `${chart}/`;
  const chartFiles = files.filter(({ path }) => path.startsWith(prefix));
  const name = chartNameOf(chartFiles.find(({ path }) => path === `${prefix}Chart.yaml`)?.content);
  return chartFiles
    .filter(({ path }) => path.includes('templates/'))
    .map(({ path, content }) => [`${name}/${path.slice(prefix.length)}`, textOf(content)]);
}

function chartNameOf(content: string | Uint8Array | undefined): string {
  return /^name:\s*["']?([^\s"'#]+)/m.exec(textOf(content ?? ''))?.[1] ?? '';
}

function textOf(content: string | Uint8Array): string {
  return typeof content === 'string' ? content : new TextDecoder().decode(content);
}

function outputOf(program: string, result: SandboxedResult): ExternalOutput {
  switch (result.outcome) {
    case 'timeout':
      return refuse(`${program} took too long and was stopped`);
    case 'too-much-output':
      return refuse(`${program} printed more than 10 MiB and was stopped`);
    case 'killed':
      return refuse(`${program} was stopped (${result.signal}): it used more time or memory than it may`);
    case 'ended':
      if (result.exitCode === 0) return { ok: true, text: result.stdout };
      return refuse(`${program}: ${firstLines(result.stderr)}`);
  }
}

function refuse(message: string): ExternalOutput {
  return { ok: false, message: message.slice(0, mostMessage) };
}

function firstLines(text: string): string {
  return text.trim().split('\n').slice(0, 5).join(' ');
}

async function nextSecond(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 1_050 - (Date.now() % 1000)));
}
