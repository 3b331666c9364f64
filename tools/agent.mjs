// `npm run agent -- [options]`
import { runBundle } from './run-bundle.mjs';

runBundle('agent', ['apps/agent/src', 'libs/shared', 'libs/manifests']);
