// Lints the whole repository. The boundary rule of Nx is silent when Nx has not looked at the projects yet, as in a fresh
// clone, so that comes first.
import { join } from 'node:path';
import { ESLint } from 'eslint';
import { loadProjectGraph } from './project-graph.ts';

loadProjectGraph();
const eslint = new ESLint({ cwd: join(import.meta.dirname, '../..') });
const results = await eslint.lintFiles('.');
const formatter = await eslint.loadFormatter('stylish');
const report = await formatter.format(results);
if (report !== '') console.log(report);
process.exitCode = results.some((result) => result.errorCount + result.warningCount > 0) ? 1 : 0;
