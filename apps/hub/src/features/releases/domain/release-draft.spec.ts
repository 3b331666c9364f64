import { defaultTargetSettings } from '@fairlead/shared/contracts';
import { defaultStrategy } from './discover-apps.ts';
import { compareWithNewest, releaseDigest, type DraftTarget, type ReleaseDraft } from './release-draft.ts';

const target = (cluster: string, digest = 'one', driftMode: 'correct' | 'report' = 'correct'): DraftTarget => ({
  app: 'shop',
  cluster,
  digest,
  settings: {
    ...defaultTargetSettings,
    namespace: 'shop',
    createNamespace: false,
    driftMode,
    prune: { ...defaultTargetSettings.prune, confirm: [] },
  },
});

const draft = (overrides: Partial<ReleaseDraft> = {}): ReleaseDraft => ({
  commit: 'c1',
  state: 'ready',
  targets: [target('a'), target('b')],
  errors: [],
  strategy: defaultStrategy,
  appOrder: [{ app: 'shop', dependsOn: [] }],
  ...overrides,
});

const error = { app: 'shop', cluster: 'a', file: 'f', line: 1, column: 1, message: 'no', hint: null };

describe('comparing a draft with the newest release', () => {
  it.each<[string, Partial<ReleaseDraft>, string]>([
    ['nothing at another commit', { commit: 'c2' }, 'same'],
    ['nothing at the same commit', {}, 'same'],
    ['the order of targets', { commit: 'c2', targets: [target('b'), target('a')] }, 'same'],
    ['one digest', { targets: [target('a'), target('b', 'two')] }, 'new'],
    ['settings only', { commit: 'c2', targets: [target('a'), target('b', 'one', 'report')] }, 'new'],
    ['the strategy only', { commit: 'c2', strategy: { ...defaultStrategy, trigger: 'manual' } }, 'new'],
    ['an error', { state: 'waiting', errors: [error] }, 'new'],
    ['a target less at another commit', { commit: 'c2', targets: [target('a')] }, 'new'],
    ['a target less at the same commit', { targets: [target('a')] }, 'same'],
    ['a target more at another commit', { commit: 'c2', targets: ['a', 'b', 'c'].map((name) => target(name)) }, 'new'],
    ['a target more at the same commit', { targets: ['a', 'b', 'c'].map((name) => target(name)) }, 'extend'],
    ['one target more and one less at the same commit', { targets: [target('a'), target('c')] }, 'extend'],
  ])('%s: %s', (_, changes, outcome) => {
    expect(compareWithNewest(draft(changes), draft()).outcome).toBe(outcome);
  });

  it('is new when there is no release yet, even without targets', () => {
    expect(compareWithNewest(draft({ targets: [] }), null)).toEqual({ outcome: 'new' });
  });

  it('extends by exactly what the newest release lacks', () => {
    const wider = draft({ targets: [target('a'), target('b'), target('c')] });
    expect(compareWithNewest(wider, draft())).toEqual({ outcome: 'extend', added: [target('c')] });
  });

  it('digests the map and not its order or settings', () => {
    expect(releaseDigest([target('a'), target('b')])).toBe(releaseDigest([target('b', 'one', 'report'), target('a')]));
    expect(releaseDigest([target('a')])).not.toBe(releaseDigest([target('a', 'two')]));
  });
});
