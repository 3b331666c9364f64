import type { YamlError, YamlPath } from '@fairlead/manifests';
import { locate } from '@fairlead/manifests';

/** One thing that is wrong with what stands in Git, at the place where it stands. */
export interface Finding {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
  readonly message: string;
  /** What to do about it. */
  readonly hint?: string;
}

/** Carries findings out of the depth of a render; the entry points turn it into a result. */
export class RenderFailure extends Error {
  readonly findings: readonly Finding[];

  constructor(findings: readonly Finding[]) {
    super(findings.map(formatFinding).join('\n'));
    this.name = 'RenderFailure';
    this.findings = findings;
  }
}

/** Ends the render with one finding. */
export function fail(finding: Finding): never {
  throw new RenderFailure([finding]);
}

/** A finding at a path of a YAML text; the text is searched only now, when there is something to say. */
export function findingAt(
  place: { file: string; text: string; path: YamlPath },
  message: string,
  hint?: string,
): Finding {
  const position = locate(place.text, place.path);
  const base: Finding = position === null ? { file: place.file, message } : { file: place.file, ...position, message };
  return hint === undefined ? base : { ...base, hint };
}

/** A YAML error as a finding. */
export function findingOfYamlError(error: YamlError): Finding {
  return { file: error.file, line: error.line, column: error.column, message: error.reason };
}

/** `file:line:column: message (hint)`, as far as the parts are known. */
export function formatFinding(finding: Finding): string {
  const place = [finding.file, finding.line, finding.column].filter((part) => part !== undefined).join(':');
  return `${place}: ${finding.message}${finding.hint === undefined ? '' : ` (${finding.hint})`}`;
}
