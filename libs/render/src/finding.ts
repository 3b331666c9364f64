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

const mostFindings = 100;

/** Ends the render with these findings, when there are any. */
export function failAll(findings: readonly Finding[]): void {
  if (findings.length > 0) throw new RenderFailure(findings.slice(0, mostFindings));
}

/** Does the work for every item; what it finds wrong with some of them is reported together. */
export function forAll<Item, Result>(items: readonly Item[], work: (item: Item) => readonly Result[]): Result[] {
  const results: Result[] = [];
  const findings: Finding[] = [];
  for (const item of items) {
    try {
      // Nothing is wanted of the rest but its mistakes once there is one.
      const made = work(item);
      if (findings.length === 0) results.push(...made);
    } catch (error) {
      if (!(error instanceof RenderFailure)) throw error;
      findings.push(...error.findings);
    }
  }
  failAll(findings);
  return results;
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
