import type * as Http from 'node:http';
import type * as Https from 'node:https';

// An `import` of node:http makes an ES module of it and, to do so, evaluates every export, also the lazy ones: that loads a
// second HTTP client which costs 5 MB and is never used.
export const http: typeof Http = process.getBuiltinModule('node:http');
export const https: typeof Https = process.getBuiltinModule('node:https');
