import { Command } from 'commander';
import { addApps } from './commands/apps/apps.ts';
import { addClusters } from './commands/clusters/clusters.ts';
import { addDrift } from './commands/drift/drift.ts';
import { addDoctor } from './commands/fleet/doctor.ts';
import { addExplain } from './commands/explain/explain.ts';
import { addStatus } from './commands/fleet/status.ts';
import { addGroups } from './commands/groups/groups.ts';
import { addLedger } from './commands/ledger/ledger.ts';
import { addReleases } from './commands/releases/releases.ts';
import { addRender } from './commands/render/render.ts';
import { addRollouts } from './commands/rollouts/rollouts.ts';
import { addLogin } from './commands/session/login.ts';
import { addVersion } from './commands/session/version.ts';
import { addWhoami } from './commands/session/whoami.ts';
import { addSources } from './commands/sources/sources.ts';
import { addTargets } from './commands/targets/targets.ts';
import { addTokens } from './commands/tokens/tokens.ts';
import { outputFormats } from './output/printer.ts';
import type { Terminal } from './terminal.ts';
import { version } from './version.ts';

/** The whole command line. Commands are added in the order in which a new user meets them. */
export function createProgram(terminal: Terminal): Command {
  const program = new Command('fairlead')
    .description('Applications on many Kubernetes clusters: staged rollouts, automatic rollback, attributed drift')
    .version(version, '--version', 'the version of this program')
    .option('--output <format>', `how to print: ${outputFormats.join(', ')}`, 'table')
    .option('--quiet', 'only the result, no remarks')
    .option('--hub <url>', 'the hub; also FAIRLEAD_URL')
    .showSuggestionAfterError()
    .configureHelp({ showGlobalOptions: true })
    .exitOverride()
    .configureOutput({ writeOut: (text) => terminal.write(text), writeErr: (text) => terminal.writeError(text) });
  addLogin(program, terminal);
  addWhoami(program, terminal);
  addStatus(program, terminal);
  addClusters(program, terminal);
  addSources(program, terminal);
  addApps(program, terminal);
  addRender(program, terminal);
  addReleases(program, terminal);
  addRollouts(program, terminal);
  addGroups(program, terminal);
  addTargets(program, terminal);
  addExplain(program, terminal);
  addDrift(program, terminal);
  addLedger(program, terminal);
  addTokens(program, terminal);
  addDoctor(program, terminal);
  addVersion(program, terminal);
  return program;
}
