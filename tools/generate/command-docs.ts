import type { Command, Option } from 'commander';
import picocolors from 'picocolors';
import { exitCodeMeanings } from '../../apps/cli/src/exit-codes.ts';
import { createProgram } from '../../apps/cli/src/program.ts';
import type { Terminal } from '../../apps/cli/src/terminal.ts';

// Only described, never run: whatever a command would touch is refused.
const noTerminal: Terminal = {
  env: {},
  cwd: '/',
  home: '/',
  isLive: false,
  columns: 100,
  paint: picocolors.createColors(false),
  write: () => undefined,
  writeError: () => undefined,
  readInput: () => Promise.reject(new Error('nothing is read while documentation is made')),
  now: () => 0,
  interrupted: new AbortController().signal,
  setExitCode: () => undefined,
};

/** docs/cli.md: every command with its options, as the program itself knows them. */
export function commandDocs(): string {
  const program = createProgram(noTerminal);
  const codes = exitCodeMeanings.map(([code, meaning]) => `| ${code} | ${meaning} |`);
  return [
    '# The command line',
    'Generated from the program by "npm run generate"; do not edit. `npx fairlead` runs it from a working copy.',
    'The hub and the token come from `--hub`, `FAIRLEAD_URL` and `FAIRLEAD_TOKEN`, else from what `npm start` left in `.fairlead/`' +
      ' of the working copy, else from `fairlead login`. A stored token is only sent to the address it was stored with.',
    '## Options of every command',
    optionTable(program.options),
    '## Exit codes',
    ['| code | meaning |', '| --- | --- |', ...codes].join('\n'),
    ...leaves(program).flatMap(describe),
  ].join('\n\n');
}

function leaves(command: Command): Command[] {
  return command.commands.flatMap((child) => (child.commands.length === 0 ? [child] : leaves(child)));
}

function describe(command: Command): string[] {
  const options = command.options.length === 0 ? [] : [optionTable(command.options)];
  return [
    `## ${pathOf(command)}`,
    `\`${pathOf(command)} ${command.usage()}\`\n\n${sentence(command.description())}`,
    ...options,
  ];
}

function pathOf(command: Command): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;
}

function optionTable(options: readonly Option[]): string {
  const rows = options.map((option) => {
    const byDefault =
      option.defaultValue === undefined || option.defaultValue === '' ? '' : ` (\`${option.defaultValue}\`)`;
    const needed = option.mandatory ? ', required' : '';
    return `| \`${option.flags.replaceAll('|', '\\|')}\` | ${option.description}${byDefault}${needed} |`;
  });
  return ['| option | meaning |', '| --- | --- |', ...rows].join('\n');
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
