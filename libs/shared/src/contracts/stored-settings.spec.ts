import { defaultTargetSettings } from './agent-protocol.ts';
import { readTargetSettings } from './stored-settings.ts';

describe('settings that are stored', () => {
  it('of an earlier version get the defaults of what it did not know', () => {
    const stored = {
      namespace: 'shop',
      createNamespace: true,
      driftMode: 'report',
      prune: { enabled: true, maxDeletes: 3, confirm: [], allowEmpty: true },
    };
    expect(readTargetSettings(stored)).toEqual({
      ...defaultTargetSettings,
      ...stored,
      prune: { ...defaultTargetSettings.prune, ...stored.prune },
    });
  });

  it('of this version come back as they are', () => {
    const settings = { ...defaultTargetSettings, apply: { ...defaultTargetSettings.apply, recreate: true } };
    expect(readTargetSettings(structuredClone(settings))).toEqual(settings);
  });

  it('that nobody ever wrote are an error', () => {
    expect(() => readTargetSettings({ driftMode: 'sometimes' })).toThrow('driftMode');
  });
});
