import nx from '@nx/eslint-plugin';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';
import { layers } from './tools/check/layers.mjs';

const specs = ['**/*.spec.ts', '**/*.db-spec.ts', '**/*.system-spec.ts', '**/*.long-spec.ts', '**/*.results-spec.ts'];
const testCode = [...specs, 'test/**/*.ts', 'apps/*/test/**/*.ts', 'tools/**/*.ts'];

/** Which project may depend on which; a project that has no row here may depend on nothing. */
const projectConstraints = [
  { sourceTag: 'scope:shared', onlyDependOnLibsWithTags: ['scope:shared'] },
  { sourceTag: 'scope:manifests', onlyDependOnLibsWithTags: ['scope:manifests', 'scope:shared'] },
  { sourceTag: 'scope:render', onlyDependOnLibsWithTags: ['scope:render', 'scope:manifests', 'scope:shared'] },
  { sourceTag: 'scope:agent', onlyDependOnLibsWithTags: ['scope:manifests', 'scope:shared'] },
  { sourceTag: 'scope:cli', onlyDependOnLibsWithTags: ['scope:render', 'scope:manifests', 'scope:shared'] },
  { sourceTag: 'scope:hub', onlyDependOnLibsWithTags: ['scope:render', 'scope:manifests', 'scope:shared'] },
  {
    sourceTag: 'scope:test',
    onlyDependOnLibsWithTags: ['scope:test', 'scope:render', 'scope:manifests', 'scope:shared'],
  },
  {
    sourceTag: 'scope:tools',
    onlyDependOnLibsWithTags: ['scope:test', 'scope:render', 'scope:manifests', 'scope:shared'],
  },
  { sourceTag: 'runtime:any', onlyDependOnLibsWithTags: ['runtime:any'] },
  { sourceTag: 'runtime:node', onlyDependOnLibsWithTags: ['runtime:node', 'runtime:any'] },
];

const boundaries = (allow) => ({
  '@nx/enforce-module-boundaries': [
    'error',
    {
      enforceBuildableLibDependency: false,
      allow,
      depConstraints: projectConstraints,
      checkDynamicDependenciesExceptions: ['.*'],
    },
  ],
});

export default tseslint.config(
  {
    ignores: [
      '**/node_modules',
      'dist',
      '.fairlead',
      '.nx',
      'coverage',
      'test/lint-fixtures',
      'test/perf/results',
      '**/*.gen.ts',
    ],
  },
  {
    files: ['**/*.ts'],
    plugins: { '@typescript-eslint': tseslint.plugin, '@nx': nx },
    linterOptions: { noInlineConfig: true, reportUnusedDisableDirectives: 'error' },
    languageOptions: {
      parser: tseslint.parser,
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      ...boundaries([]),
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': [
        'error',
        { checksVoidReturn: { arguments: false, attributes: false } },
      ],
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/ban-ts-comment': 'error',
      'no-empty': ['error', { allowEmptyCatch: false }],
      'no-var': 'error',
      'prefer-const': 'error',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-warning-comments': ['error', { terms: ['todo', 'fixme', 'xxx'] }],
      'max-lines': ['error', { max: 400 }],
      'max-params': ['error', { max: 5 }],
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true, named: true, defaultFrom: true } }],
    },
  },
  ...layers,
  // `1 == 1n` is what this file is about.
  { files: ['libs/manifests/src/json.ts'], rules: { eqeqeq: 'off' } },
  {
    files: testCode,
    rules: {
      ...boundaries(['/test/(harness|fixtures|bed)/', '/apps/(hub|agent|cli)/src/', '/tools/', '/package\\.json$']),
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  // A factory of a module takes what it puts together, one parameter each.
  { files: ['**/*.module.ts'], rules: { 'max-params': 'off' } },
  { files: specs, rules: { 'max-lines': ['error', { max: 600 }] } },
  prettier,
);
