import type { Feature } from './feature.ts';

/** Generators and their options. */
export const generatorFeatures: readonly Feature[] = [
  {
    name: 'config-map-generator',
    fields: { configMapGenerator: [{ name: 'made', literals: ['A=1', 'B="two"'], files: ['in.txt', 'k=in.txt'] }] },
    files: { 'in.txt': 'line one\nline two\n' },
  },
  {
    name: 'config-map-merge',
    fields: { configMapGenerator: [{ name: 'settings', behavior: 'merge', literals: ['mode=merged', 'new=1'] }] },
  },
  {
    name: 'config-map-options',
    fields: {
      configMapGenerator: [
        {
          name: 'frozen',
          namespace: 'default',
          envs: ['vars.env'],
          options: { immutable: true, labels: { l: '1' }, annotations: { n: '2' }, disableNameSuffixHash: true },
        },
      ],
    },
    files: { 'vars.env': 'X=1\n# no\nY = 2\n' },
  },
  {
    name: 'config-map-env-legacy',
    fields: { configMapGenerator: [{ name: 'old', env: 'old.env' }] },
    files: { 'old.env': 'Z=9\n' },
  },
  {
    name: 'secret-generator',
    fields: { secretGenerator: [{ name: 'hidden', type: 'kubernetes.io/tls', literals: ['tls.crt=a', 'tls.key=b'] }] },
  },
  {
    name: 'secret-merge',
    fields: { secretGenerator: [{ name: 'passwords', behavior: 'merge', literals: ['token=t'] }] },
  },
  {
    name: 'secret-replace',
    fields: { secretGenerator: [{ name: 'passwords', behavior: 'replace', literals: ['only=this'] }] },
  },
  { name: 'generator-options', fields: { generatorOptions: { labels: { gen: 'yes' }, annotations: { g: '1' } } } },
  { name: 'generator-no-hash', fields: { generatorOptions: { disableNameSuffixHash: true } } },
];
