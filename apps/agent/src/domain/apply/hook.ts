/** When a hook runs: before the first write of other objects, after the app is healthy, or when the release failed. */
export type HookPhase = 'before' | 'after' | 'on-failure';
export type HookDeletion = 'before-creation' | 'succeeded' | 'failed';

/** An object that is run once per digest instead of being kept as Git has it. */
export interface HookSpec {
  readonly phase: HookPhase;
  /** When the object is deleted. */
  readonly deletion: readonly HookDeletion[];
}

const annotations = { hook: 'fairlead.dev/hook', deletion: 'fairlead.dev/hook-delete' };
const argoAnnotations = { hook: 'argocd.argoproj.io/hook', deletion: 'argocd.argoproj.io/hook-delete-policy' };

const phases: ReadonlyMap<string, HookPhase> = new Map([
  ['before', 'before'],
  ['after', 'after'],
  ['on-failure', 'on-failure'],
]);
const argoPhases: ReadonlyMap<string, HookPhase> = new Map([
  ['PreSync', 'before'],
  ['PostSync', 'after'],
  ['SyncFail', 'on-failure'],
]);
const deletions: ReadonlyMap<string, HookDeletion> = new Map([
  ['before-creation', 'before-creation'],
  ['succeeded', 'succeeded'],
  ['failed', 'failed'],
]);
const argoDeletions: ReadonlyMap<string, HookDeletion> = new Map([
  ['BeforeHookCreation', 'before-creation'],
  ['HookSucceeded', 'succeeded'],
  ['HookFailed', 'failed'],
]);

/** Reads the hook annotations, our own or Argo CD's; null for an object that is no hook. */
export function hookOf(said: Readonly<Record<string, string>>, causes: string[]): HookSpec | null {
  const isOwn = said[annotations.hook] !== undefined;
  const names = isOwn ? annotations : argoAnnotations;
  const text = said[names.hook];
  // With Argo CD, a hook of the sync itself is an object like any other.
  if (text === undefined || (!isOwn && text === 'Sync')) return null;
  const phase = (isOwn ? phases : argoPhases).get(text.trim());
  if (phase === undefined) {
    const known = [...(isOwn ? phases : argoPhases).keys()].join(', ');
    causes.push(`${names.hook} is "${text}": it has to be one of ${known}`);
    return null;
  }
  const deletion = new Set<HookDeletion>();
  for (const word of (said[names.deletion] ?? '').split(',').map((part) => part.trim())) {
    if (word === '') continue;
    const known = isOwn ? deletions : argoDeletions;
    const read = known.get(word);
    if (read === undefined) causes.push(`${names.deletion} names "${word}": known are ${[...known.keys()].join(', ')}`);
    else deletion.add(read);
  }
  return { phase, deletion: deletion.size === 0 ? ['before-creation'] : [...deletion] };
}
