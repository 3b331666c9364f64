// `npm run hub -- [all|serve|work|migrate|openapi]`
import { runBundle } from './run-bundle.mjs';

runBundle('hub', ['apps/hub/src', 'libs']);
