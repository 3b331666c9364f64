import type { Finding, Strategy, TargetSettings } from '@fairlead/shared/contracts';

/**
 * What the hub keeps of a `fairlead.yaml`. Variables, targets and patches stay in Git: what stands in them may end in a
 * Secret. (The render worker, which knows nothing of the hub, has the same shape in its protocol.)
 */
export interface AppDefinition {
  name: string;
  file: string;
  /** Null: the app is a group of its own. */
  group: string | null;
  strategy: Strategy;
  dependsOn: { app: string; condition: 'applied' | 'healthy' }[];
  settings: TargetSettings;
  /** What a cluster that does not render means for the others. */
  onError: 'wait' | 'skip';
  suspend: boolean;
}

export type ReadApp =
  | { ok: true; file: string; app: AppDefinition }
  /** `name` when the file at least says whose version it is. */
  | { ok: false; file: string; name: string | null; errors: Finding[] };

/** The group of an app. */
export function groupOf(app: AppDefinition): string {
  return app.group ?? app.name;
}

/** A finding about a whole file. */
export function findingOn(file: string, message: string, hint: string | null = null): Finding {
  return { file, line: null, column: null, message, hint };
}

/** The directory of a file, `''` for the root. */
export function directoryOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}
