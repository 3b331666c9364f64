import { isSpec, readSource, repositoryFiles } from '../check/source-files.ts';
import { remarks } from './agent-case-remarks.ts';

/** How many numbered cases the agent's engine has. */
const cases = 200;
// A title is a text that begins with the numbers of its cases.
const title = /(['"`])((?:\[case \d+\] ?)+)/g;

/** test/conformance/agent-cases.md: which spec shows which case, or why none does. */
export function agentCases(): string {
  const files = filesByCase();
  const unknown = [...files.keys()].filter((number) => number < 1 || number > cases);
  if (unknown.length > 0) throw new Error(`there is no case ${unknown.join(', ')}: ${files.get(unknown[0] ?? 0)}`);
  const rows = Array.from({ length: cases }, (_, index) => index + 1).map(
    (number) => `| ${number} | ${(files.get(number) ?? []).join('<br>')} | ${remarks[number] ?? ''} |`,
  );
  return [
    "# Cases of the agent's engine",
    'Apply, order, prune, conflicts, health, drift and errors, by number. A test shows a case when its title begins with ' +
      '`[case N]`. Written by "npm run generate" from those titles and `tools/generate/agent-case-remarks.ts`; do not ' +
      'edit. The last level of `npm test` looks whether each of them ran and passed.',
    ['| number | spec file | remark |', '| --- | --- | --- |', ...rows].join('\n'),
  ].join('\n\n');
}

/** Specs of the levels that `npm test` runs. */
function filesByCase(): Map<number, string[]> {
  const files = new Map<number, string[]>();
  const specs = repositoryFiles('.ts').filter((path) => isSpec(path) && !/\.(long|results)-spec\.ts$/.test(path));
  for (const path of specs) {
    const numbers = [...readSource(path).matchAll(title)].flatMap(([, , heads = '']) =>
      [...heads.matchAll(/\d+/g)].map(([number]) => Number(number)),
    );
    for (const number of new Set(numbers)) files.set(number, [...(files.get(number) ?? []), path]);
  }
  return files;
}
