import { spawn } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type BedCluster, clusterBinaryNames } from '../../test/bed/bed.ts';
import { findBinary, searchDirectories } from '../../test/bed/binaries/lookup.ts';
import { nodeArguments, nodeBinary } from '../node-binary.mjs';
import { type LocalAgent, startAgents } from './agents.ts';
import { bedNames, existingClusters, type LocalCluster, startBed } from './clusters.ts';
import { openControl } from './control.ts';
import { forgetEverything } from './forget.ts';
import { type LocalHub, startHub } from './hub.ts';
import type { StartOptions } from './options.ts';
import { interruptChildren } from './own-children.ts';
import { paths, root } from './paths.ts';
import { Programs } from './program.ts';
import { showRollout, waitForHealth } from './rollout.ts';
import type { RunFile } from './run-file.ts';
import { followRepository, prepareRepository } from './sample-repository.ts';
import { duration, type Screen } from './screen.ts';
import { StartError } from './start-error.ts';
import { whatToTry } from './what-to-try.ts';

interface Bed {
  readonly clusters: readonly LocalCluster[];
  /** Those of them that were started here. */
  readonly bed: readonly BedCluster[];
}

const restartAfterMs = 2_000;

/** Hub, clusters, agents and sample of one machine: brought up in order, ended in the opposite one. */
export class LocalFleet {
  readonly #options: StartOptions;
  readonly #screen: Screen;
  readonly #runFile: RunFile;
  readonly #programs: Programs;
  #hub: LocalHub | null = null;
  #bed: Promise<Bed> | null = null;
  #clusters: readonly LocalCluster[] = [];
  #agents: readonly LocalAgent[] = [];
  #control: Server | null = null;
  #clusterDetail = '';
  #isStopping = false;

  constructor(options: StartOptions, screen: Screen, runFile: RunFile) {
    this.#options = options;
    this.#screen = screen;
    this.#runFile = runFile;
    this.#programs = new Programs(runFile);
  }

  /** How long it will take, said before it begins. */
  async forecast(): Promise<string> {
    if (this.#options.contexts.length > 0) return 'on your own clusters';
    const directories = searchDirectories();
    const isBuilt = clusterBinaryNames.every((name) => findBinary(name, directories) !== null);
    return isBuilt ? 'takes about 15 seconds' : 'first start takes about 8 minutes, later ones 15 seconds';
  }

  /** Everything up and the sample healthy everywhere, or a StartError that says what is not. */
  async start(): Promise<void> {
    const screen = this.#screen;
    await this.#takeOver();
    const buildStep = screen.step(
      'build',
      () => this.#build(),
      () => '',
    );
    // Building control planes takes minutes once; nothing else waits for it.
    this.#bed = this.#startClusters();
    this.#bed.catch(() => undefined);
    await buildStep;
    const hub = await screen.step(
      'hub with PostgreSQL 18',
      () =>
        startHub(this.#options.port, this.#programs, (how) =>
          this.#onLost('the hub', how, () => this.#hub?.program.start()),
        ),
      ({ url }) => `${url}, data in .fairlead/hub`,
    );
    this.#hub = hub;
    const { clusters } = await screen.step(
      this.#options.contexts.length > 0 ? 'clusters' : 'Kubernetes control planes',
      (tell) => this.#awaitClusters(tell),
      ({ clusters: found }) => found.map(({ name }) => name).join('  '),
    );
    this.#clusters = clusters;
    this.#agents = await screen.step(
      'agents',
      () => startAgents(hub, clusters, this.#programs, (name, how) => this.#onAgentLost(name, how)),
      () => 'registered, connected',
    );
    this.#control = await openControl(this.#agents, screen);
    await screen.step(
      'source demo',
      async () => {
        await prepareRepository(this.#options.image);
        return followRepository(hub);
      },
      (source) => `.fairlead/demo.git, main @ ${source.commit?.slice(0, 7) ?? '?'}`,
    );
    await this.#rollOut(hub);
  }

  /** Says how to get in and what to try. */
  invite(): void {
    if (this.#hub === null) return;
    const names = this.#clusters.map(({ name }) => name);
    this.#screen.write(whatToTry(this.#hub, this.#screen, names, this.#options.contexts.length === 0));
  }

  /** Ends everything in order; nothing is left running. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#control?.close();
    rmSync(paths.control, { force: true });
    await this.#programs.stop();
    const bed = await this.#settledBed();
    await Promise.all((bed?.bed ?? []).map((cluster) => cluster.stop()));
    await Promise.all(this.#agents.map((agent) => agent.link.close()));
    this.#runFile.release();
  }

  // Control planes may still be under construction, which takes minutes and is not waited for.
  async #settledBed(): Promise<Bed | null> {
    if (this.#bed === null) return null;
    const settled = this.#bed.catch(() => null);
    const first = await Promise.race([settled, pause(2_000, 'unsettled' as const)]);
    if (first !== 'unsettled') return first;
    interruptChildren();
    return Promise.race([settled, pause(10_000, null)]);
  }

  async #takeOver(): Promise<void> {
    const claim = await this.#runFile.claim();
    if ('runningPid' in claim) {
      throw new StartError(
        `a fleet runs here already (process ${claim.runningPid})`,
        'Use it, or end it with Ctrl-C where it was started.',
      );
    }
    if (claim.cleaned.length > 0) this.#screen.warn(`ended what an earlier start left: ${claim.cleaned.join(', ')}`);
    await this.#forgetHalves();
    if (this.#options.contexts.length > 0 && this.#options.image === null) {
      this.#screen.warn('the images of the sample exist nowhere: where Pods really start, give one with --image');
    }
  }

  // Hub, clusters and agents know each other: when one of them has been removed, the others are of no use.
  async #forgetHalves(): Promise<void> {
    const bedClusters = this.#options.contexts.length > 0 ? [] : bedNames.map((name) => join(paths.clusters, name));
    const kept = [paths.hub, ...bedClusters];
    const missing = kept.filter((path) => !existsSync(path));
    const isPartial = missing.length > 0 && missing.length < kept.length;
    if (isPartial && !this.#options.fresh)
      this.#screen.warn('part of what earlier starts kept is gone: beginning anew');
    if (isPartial || this.#options.fresh) await forgetEverything();
  }

  async #build(): Promise<void> {
    const { code, output } = await runToEnd(join(root, 'tools', 'build.ts'));
    if (code !== 0) throw new StartError(`the build failed:\n${output}`, 'Correct the sources and start again.');
  }

  async #startClusters(): Promise<Bed> {
    if (this.#options.contexts.length > 0) return { clusters: existingClusters(this.#options.contexts), bed: [] };
    return startBed((detail) => (this.#clusterDetail = detail));
  }

  async #awaitClusters(tell: (detail: string) => void) {
    const timer = setInterval(() => tell(this.#clusterDetail), 200);
    try {
      return await (this.#bed ?? this.#startClusters());
    } finally {
      clearInterval(timer);
    }
  }

  async #rollOut(hub: LocalHub): Promise<void> {
    const startedAt = Date.now();
    await showRollout(hub, this.#screen);
    const count = await waitForHealth(
      hub,
      this.#clusters.map(({ name }) => name),
    );
    this.#screen.done(`all ${count} targets healthy in ${duration(Date.now() - startedAt)}`);
  }

  #onAgentLost(name: string, how: string): void {
    const agent = this.#agents.find((candidate) => candidate.name === name);
    this.#onLost(`the agent of ${name}`, how, () => agent?.program.start());
  }

  // A process manager would start it again, and so do we: killing one is among the things worth trying.
  #onLost(what: string, how: string, startAgain: () => void): void {
    if (this.#isStopping) return;
    this.#screen.warn(`${what} ended (${how}); it is started again`);
    setTimeout(() => {
      if (!this.#isStopping) startAgain();
    }, restartAfterMs);
  }
}

function runToEnd(program: string): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(nodeBinary(), [...nodeArguments, program], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.on('close', (code) => resolve({ code, output: output.trim() }));
  });
}
