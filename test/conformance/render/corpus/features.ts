import { customFeatures } from './custom-features.ts';
import type { Feature } from './feature.ts';
import { generatorFeatures } from './generator-features.ts';
import { patchFeatures } from './patch-features.ts';
import { replacementFeatures } from './replacement-features.ts';
import { simpleFeatures } from './simple-features.ts';

/** Everything a kustomization can say. */
export const features: readonly Feature[] = [
  ...simpleFeatures,
  ...patchFeatures,
  ...generatorFeatures,
  ...replacementFeatures,
  ...customFeatures,
];
