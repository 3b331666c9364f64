import { sha256Hex } from '@fairlead/manifests';

/** A file as the external program finds it, relative to the root of the repository. */
export interface ExternalFile {
  readonly path: string;
  readonly content: string | Uint8Array;
}

/** What one run of an external program gets: nothing but this reaches it. */
export type ExternalRequest =
  | {
      readonly engine: 'helm';
      /** Directory of the chart among the files. */
      readonly chart: string;
      readonly releaseName: string;
      readonly namespace: string;
      /** Paths among the files, later wins. */
      readonly valuesFiles: readonly string[];
      readonly kubernetesVersion: string | null;
      readonly includeCrds: boolean;
      readonly files: readonly ExternalFile[];
    }
  | { readonly engine: 'kustomize'; readonly directory: string; readonly files: readonly ExternalFile[] };

/** What it printed, or why it gave nothing. */
export type ExternalOutput =
  { readonly ok: true; readonly text: string } | { readonly ok: false; readonly message: string };

/** Outputs by request key, and a place to say that one is missing. */
export type ExternalOutputs = ReadonlyMap<string, ExternalOutput>;

/**
 * A render needs the output of an external program that nobody has run yet. Whoever called the renderer runs it and
 * renders again with the output under `key`: the renderer itself starts nothing.
 */
export class ExternalNeeded extends Error {
  readonly key: string;
  readonly request: ExternalRequest;

  constructor(key: string, request: ExternalRequest) {
    super('the output of an external program is needed');
    this.key = key;
    this.request = request;
  }
}

/** The output for a request; throws ExternalNeeded while there is none. */
export function outputOf(outputs: ExternalOutputs, request: ExternalRequest): ExternalOutput {
  const key = requestKey(request);
  const output = outputs.get(key);
  if (output === undefined) throw new ExternalNeeded(key, request);
  return output;
}

function requestKey({ files, ...rest }: ExternalRequest): string {
  const lines = files.map(({ path, content }) => `${path}\0${sha256Hex(content)}`);
  return sha256Hex(`${JSON.stringify(rest)}\n${lines.join('\n')}`);
}
