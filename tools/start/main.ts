// `npm start`: a whole fleet on this machine, from nothing. See --help.
import { AppError } from '@fairlead/shared/kernel';
import { BedError } from '../../test/bed/bed-error.ts';
import manifest from '../../package.json' with { type: 'json' };
import { readOptions } from './options.ts';
import { paths } from './paths.ts';
import { RunFile } from './run-file.ts';
import { Screen } from './screen.ts';
import { StartError } from './start-error.ts';
import { errorLines } from '../../apps/cli/src/output/error-lines.ts';
import { LocalFleet } from './local-fleet.ts';

const options = readOptions(process.argv.slice(2));
if ('print' in options) {
  (options.code === 0 ? process.stdout : process.stderr).write(options.print);
  process.exit(options.code);
}

const screen = new Screen(options.headless);
const runFile = new RunFile(paths.run, { name: 'start', pid: process.pid, directory: import.meta.dirname });
const fleet = new LocalFleet(options, screen, runFile);

let stopping: Promise<void> | null = null;
function stop(code: number): Promise<void> {
  stopping ??= fleet.stop().then(
    () => process.exit(code),
    (error: unknown) => {
      process.stderr.write(`✖ stopping failed: ${error instanceof Error ? error.message : String(error)}\n`);
      process.exit(1);
    },
  );
  return stopping;
}

let askedAt = 0;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    // One Ctrl-C arrives twice: from the terminal, and passed on by npm.
    if (askedAt !== 0 && Date.now() - askedAt > 1_500) process.exit(130);
    if (askedAt === 0) screen.write('\n  Stopping …\n');
    askedAt ||= Date.now();
    void stop(signal === 'SIGINT' && !options.exitAfterRollout ? 0 : 130);
  });
}

try {
  screen.line(`${screen.paint.bold(`Fairlead ${manifest.version}`)}  ${screen.paint.dim(await fleet.forecast())}`);
  await fleet.start();
  if (options.exitAfterRollout) await stop(0);
  else fleet.invite();
} catch (error) {
  if (stopping === null) {
    screen.write(`\n${describe(error)}`);
    await stop(1);
  }
}

function describe(error: unknown): string {
  if (error instanceof StartError) return `${screen.paint.red('✖')} ${error.message}\n  ${error.remedy}\n`;
  if (error instanceof BedError) return `${screen.paint.red('✖')} ${error.message}\n`;
  if (error instanceof AppError) return errorLines(error, screen.paint);
  return `${screen.paint.red('✖')} ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`;
}
