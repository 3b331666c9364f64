import type { Assignment, HelloMessage } from '@fairlead/shared/contracts';
import { formatObjectId } from '@fairlead/manifests';
import type { ObjectMeta } from '../kube/object-meta.ts';
import type { Resource } from '../kube/resource.ts';
import { errorFields } from '../logger.ts';
import { Sweep } from './drift/sweep.ts';
import type { ObjectName, WatchListener } from './watch/watch-listener.ts';
import type { ObjectRecord } from './state/object-record.ts';
import { Target } from './target.ts';
import type { TargetContext } from './target-context.ts';

interface Owner {
  readonly target: Target;
  readonly record: ObjectRecord;
}

/** All apps of this cluster. Hands events to the app that owns the object and keeps apps out of each other's objects. */
export class Targets implements WatchListener {
  readonly #context: TargetContext;
  readonly #targets = new Map<string, Target>();
  readonly #owners = new Map<string, Owner>();
  #signal: AbortSignal | null = null;
  readonly #loops = new Set<Promise<void>>();
  readonly #sweep: Sweep;

  constructor(makeContext: (targets: Targets) => TargetContext) {
    this.#context = makeContext(this);
    const sweepable = {
      count: () => this.#owners.size,
      keys: () => this.#owners.keys(),
      lookClosely: (key: string) => {
        const owner = this.#owners.get(key);
        if (owner !== undefined) owner.target.lookClosely(owner.record);
      },
    };
    this.#sweep = new Sweep(sweepable, this.#context.sweepIntervalMs);
  }

  /** Reads what an earlier run left, on disk and in the cluster. */
  async restore(): Promise<void> {
    const [stored, inventories] = await Promise.all([
      this.#context.progress.loadAll(),
      this.#context.inventories.loadAll(),
    ]);
    const progress = new Map(stored.map((entry) => [entry.assignment.app, entry]));
    const inventory = new Map(inventories.map((entry) => [entry.app, entry]));
    for (const app of new Set([...progress.keys(), ...inventory.keys()])) {
      const target = new Target(app, this.#context);
      target.restore(progress.get(app) ?? null, inventory.get(app) ?? null);
      this.#targets.set(app, target);
    }
    this.reindex();
  }

  /** Runs the loops of all targets, present and future, until the signal. */
  async run(signal: AbortSignal): Promise<void> {
    this.#signal = signal;
    for (const target of this.#targets.values()) this.#start(target, signal);
    const sweeping = this.#sweep.run(signal);
    await new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      signal.addEventListener(
        'abort',
        () => {
          resolve();
        },
        { once: true },
      );
    });
    await Promise.allSettled([...this.#loops, sweeping]);
  }

  /** The hub's assignments; an app that is not among them stays as it is. */
  assign(assignments: readonly Assignment[]): void {
    for (const assignment of assignments) {
      let target = this.#targets.get(assignment.app);
      if (target === undefined) {
        target = new Target(assignment.app, this.#context);
        this.#targets.set(assignment.app, target);
        if (this.#signal !== null) this.#start(target, this.#signal);
      }
      target.assign(assignment);
    }
  }

  /** The API server has not been heard of since then: what was said about health does not hold any more. */
  apiSilent(since: string): void {
    for (const target of this.#targets.values()) target.apiSilent(since);
  }

  positions(): HelloMessage['apps'] {
    return [...this.#targets.values()].flatMap(({ state: { assignment, phase } }) =>
      assignment === null
        ? []
        : [{ app: assignment.app, counter: assignment.counter, digest: assignment.digest, phase }],
    );
  }

  stop(): void {
    this.#context.watches.stop();
  }

  otherOwner(app: string, key: string): string | null {
    const owner = this.#owners.get(key)?.target.state.app;
    return owner === undefined || owner === app ? null : owner;
  }

  digestsInUse(): Set<string> {
    return new Set([...this.#targets.values()].flatMap(({ state }) => state.digestsInUse()));
  }

  /** Rebuilds the index of objects, and ends watches of kinds that are not needed any more. */
  reindex(): void {
    this.#owners.clear();
    const resources = new Map<string, Resource>();
    for (const target of this.#targets.values()) {
      for (const record of [...target.state.records.values(), ...target.state.hooks.live()]) {
        this.#owners.set(record.key, { target, record });
        if (record.resource !== null)
          resources.set(
            `${record.resource.group}/${record.resource.version}/${record.resource.plural}`,
            record.resource,
          );
      }
    }
    this.#context.watches.keepOnly([...resources.values()]);
  }

  changed(resource: Resource, meta: ObjectMeta): void {
    const id = { group: resource.group, kind: resource.kind, namespace: meta.namespace, name: meta.name };
    const key = formatObjectId(id);
    const owner = this.#owners.get(key);
    if (owner !== undefined) owner.target.observe(owner.record, meta);
  }

  deleted(resource: Resource, { namespace, name }: { namespace: string; name: string }): void {
    const key = formatObjectId({ group: resource.group, kind: resource.kind, namespace, name });
    const owner = this.#owners.get(key);
    if (owner !== undefined) owner.target.vanished(owner.record);
  }

  listed(resource: Resource, present: ReadonlySet<string>): void {
    for (const { target, record } of this.#ownersOf(resource)) {
      const { namespace, name } = record.id;
      if (!present.has(`${namespace}/${name}`)) target.vanished(record);
    }
  }

  missed(resource: Resource): void {
    this.#sweep.hurry([...this.#ownersOf(resource)].map(({ record }) => record.key));
  }

  returned(resource: Resource): void {
    for (const { target, record } of this.#ownersOf(resource)) target.retry(record);
  }

  accessChanged(resource: Resource): void {
    for (const target of new Set([...this.#ownersOf(resource)].map((owner) => owner.target))) target.wake();
  }

  known(resource: Resource): ObjectName[] {
    return [...this.#ownersOf(resource)].map(({ record }) => record.id);
  }

  *#ownersOf({ group, kind }: Resource): Iterable<Owner> {
    for (const owner of this.#owners.values())
      if (owner.record.id.group === group && owner.record.id.kind === kind) yield owner;
  }

  #start(target: Target, signal: AbortSignal): void {
    const loop = target
      .run(signal)
      .catch((error: unknown) => {
        this.#context.log.error('the loop of a target ended', { app: target.state.app, ...errorFields(error) });
      })
      .finally(() => this.#loops.delete(loop));
    this.#loops.add(loop);
  }
}
