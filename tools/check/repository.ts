// What no other tool checks: sizes, names, cycles, the lockfile and the table of error codes. Prints every problem.
import { basename } from 'node:path';
import { errorCodes } from '@fairlead/shared/contracts';
import { usedErrorCodes } from './error-codes.ts';
import { findCycles } from './import-cycles.ts';
import { importGraph } from './import-graph.ts';
import { loadProjectGraph } from './project-graph.ts';
import { isGenerated, isSpec, readSource, repositoryFiles } from './source-files.ts';

const largestSource = 400;
const largestSpec = 600;
const forbiddenNames = /(^|[-.])(utils?|helpers?|common|misc|manager|data|info)([-.]|$)/;
const codeForm = /^[a-z]+(-[a-z]+)*(\.[a-z]+(-[a-z]+)*)+$/;

const handWritten = repositoryFiles('.ts', '.mjs', '.mts', '.sql', '.sh').filter((path) => !isGenerated(path));
const problems = [...sizes(), ...names(), ...fileCycles(), ...projects(), ...lockfile(), ...errors()];
for (const problem of problems) console.log(problem);
process.exitCode = problems.length === 0 ? 0 : 1;

function sizes(): string[] {
  return handWritten.flatMap((path) => {
    const limit = isSpec(path) ? largestSpec : largestSource;
    const lines = readSource(path).trimEnd().split('\n').length;
    return lines > limit && !path.endsWith('schema.snapshot.sql') ? [`${path}: ${lines} lines, at most ${limit}`] : [];
  });
}

function names(): string[] {
  return handWritten
    .filter(
      (path) => path.split('/').some((part) => forbiddenNames.test(part)) || /[A-Z_]/.test(basename(path, '.sql')),
    )
    .filter((path) => !path.startsWith('apps/hub/src/migrations/'))
    .map((path) => `${path}: a name that says nothing, or is not kebab-case`);
}

function fileCycles(): string[] {
  return findCycles(importGraph()).map((cycle) => `files import each other in a circle: ${cycle.join(', ')}`);
}

function projects(): string[] {
  const { nodes, dependencies } = loadProjectGraph();
  const untagged = Object.entries(nodes)
    .filter(([, { data }]) => !['scope:', 'runtime:'].every((kind) => data.tags?.some((tag) => tag.startsWith(kind))))
    .map(([name]) => `project ${name} has no scope or runtime tag`);
  // Specs of an app use the test harness, which starts apps, and the launcher of the CLI finds its Node through tools: circles
  // of projects but, as shown above, of no files.
  const outermost = ['test', 'tools'];
  const inner = Object.entries(dependencies).map(
    ([name, targets]) =>
      [
        name,
        targets.map(({ target }) => target).filter((target) => target in nodes && !outermost.includes(target)),
      ] as const,
  );
  const cycles = findCycles(new Map(inner)).map((cycle) => `projects depend on each other: ${cycle.join(', ')}`);
  return [...untagged, ...cycles];
}

function lockfile(): string[] {
  return readSource('package-lock.json').includes('"resolved": "http')
    ? ["package-lock.json names where packages came from: run npm install with this repository's .npmrc"]
    : [];
}

function errors(): string[] {
  const table = new Map<string, { kind: string }>(Object.entries(errorCodes));
  const used = repositoryFiles('.ts')
    .filter((path) => /^(apps|libs)\//.test(path) && !isSpec(path))
    .flatMap((path) => usedErrorCodes(path, readSource(path)).map((use) => ({ ...use, path })));
  const wrong = used.flatMap(({ code, kind, path }) => {
    const known = table.get(code);
    if (!codeForm.test(code))
      return [`${path}: error code ${code} is not written like the others (kebab-case, dotted)`];
    if (!known)
      return [
        `${path}: error code ${code} (${kind}) is missing in libs/shared/src/contracts/{hub,client}-error-codes.ts`,
      ];
    return kind === null || known.kind === kind
      ? []
      : [`${path}: error code ${code} is ${kind} here and ${known.kind} in the table`];
  });
  const unused = [...table.keys()].filter((code) => !used.some((use) => use.code === code));
  return [...wrong, ...unused.map((code) => `libs/shared/src/contracts: nothing gives out ${code}`)];
}
