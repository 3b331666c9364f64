import { z } from 'zod';
import { ApplySettings, defaultTargetSettings, TargetSettings } from './agent-protocol.ts';

/** Settings that an earlier version stored: what it did not know has the default. Throws for what it never wrote. */
export function readTargetSettings(stored: unknown): TargetSettings {
  const { apply, prune, ...others } = StoredSettings.parse(stored);
  const { apply: defaultApply, prune: defaultPrune } = defaultTargetSettings;
  return TargetSettings.parse({
    ...defaultTargetSettings,
    ...others,
    apply: { ...defaultApply, ...apply },
    prune: { ...defaultPrune, ...prune },
  });
}

const StoredSettings = z.looseObject({
  apply: ApplySettings.partial().optional(),
  prune: TargetSettings.shape.prune.partial().optional(),
});
