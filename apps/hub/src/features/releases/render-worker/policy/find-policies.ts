import { parsePolicies, policyFileName, type Policy } from '@fairlead/render';
import type { Finding } from '@fairlead/shared/contracts';
import type { CommitFiles } from '../commit-files.ts';
import { toFinding } from '../define-app.ts';
import { unknownStarter } from './evaluate-policies.ts';
import { problemOf } from './expression.ts';

export type FoundPolicies =
  { readonly ok: true; readonly policies: readonly Policy[] } | { readonly ok: false; readonly errors: Finding[] };

/**
 * The policies for an app: those in its directory and in every directory above. A file that is not right refuses the app:
 * a mistake in a policy must let nothing through.
 */
export function findPolicies(files: CommitFiles, appDir: string): FoundPolicies {
  const policies: Policy[] = [];
  const errors: Finding[] = [];
  for (const directory of directoriesAbove(appDir)) {
    const path = directory === '' ? policyFileName : `${directory}/${policyFileName}`;
    const content = files.readFile(path);
    if (content === null) continue;
    const parsed = parsePolicies(new TextDecoder().decode(content), path, problemOf);
    if (!parsed.ok) {
      errors.push(...parsed.errors.map(toFinding));
      continue;
    }
    for (const policy of parsed.policies) {
      const message = unknownStarter(policy);
      if (message === null) policies.push(policy);
      else errors.push({ file: path, line: null, column: null, message, hint: null });
    }
  }
  return errors.length > 0 ? { ok: false, errors } : { ok: true, policies };
}

/** The root first. */
function directoriesAbove(directory: string): string[] {
  const parts = directory === '' ? [] : directory.split('/');
  return ['', ...parts.map((_, index) => parts.slice(0, index + 1).join('/'))];
}
