import type { Assignment } from '@fairlead/shared/contracts';
import { parseObjectId } from '@fairlead/manifests';
import type { HookPhase, HookSpec } from '../../domain/apply/hook.ts';
import type { ObjectState } from '../../domain/health/target-health.ts';
import type { SnapshotObject } from '../../hub/snapshot-store.ts';
import { newRecord } from '../state/object-record.ts';
import type { ObjectRecord } from '../state/object-record.ts';
import type { PlannedHook } from './hook-plan.ts';

/** `running`: it was created, or is about to be: after a crash what is there under its name is it. */
export type HookPosition = 'pending' | 'running' | 'succeeded' | 'failed';

/** One hook object and how its run for the newest digest stands. */
export interface Hook {
  readonly record: ObjectRecord;
  spec: HookSpec;
  digest: string;
  counter: number;
  position: HookPosition;
  /** The object is in the cluster, or may be. */
  isLive: boolean;
  message: string;
}

export interface StoredHook extends Omit<Hook, 'record'> {
  readonly key: string;
  readonly apiVersion: string;
  readonly desired: SnapshotObject | null;
  readonly uid: string;
}

type Records = Map<string, ObjectRecord>;

/** The hooks of one app: objects that are run, not kept. */
export class TargetHooks {
  readonly #hooks = new Map<string, Hook>();

  ofPhase(phase: HookPhase): Hook[] {
    return [...this.#hooks.values()].filter(({ spec }) => spec.phase === phase);
  }

  /** Records of the objects that are, or may be, in the cluster. */
  live(): ObjectRecord[] {
    return [...this.#hooks.values()].filter(({ isLive }) => isLive).map(({ record }) => record);
  }

  has(key: string): boolean {
    return this.#hooks.has(key);
  }

  /** Whether hooks of a phase have to run, or have run in vain, for this digest. */
  unfinished(phase: HookPhase, { digest }: Pick<Assignment, 'digest'>): boolean {
    return this.ofPhase(phase).some((hook) => hook.digest === digest && hook.position !== 'succeeded');
  }

  /** Whether some of a phase are under way and none has failed. */
  mayMove(phase: HookPhase, assignment: Pick<Assignment, 'digest'>): boolean {
    return this.unfinished(phase, assignment) && !this.ofPhase(phase).some(({ position }) => position === 'failed');
  }

  /**
   * Takes over the hooks of a plan. What ran for the same digest does not run again, unless it failed and a newer
   * assignment asks once more. Hooks that left the app become objects to prune.
   */
  adopt({ records }: { records: Records }, planned: readonly PlannedHook[], assignment: Assignment): void {
    const staying = new Set(planned.map(({ object }) => object.key));
    for (const key of this.#hooks.keys()) if (!staying.has(key)) this.#retire(key, records);
    for (const { object, spec } of planned) {
      const hook = this.#hooks.get(object.key) ?? this.#enlist(object.key, object.source.apiVersion, spec, records);
      const { digest, counter } = assignment;
      const isRerun = hook.position === 'failed' && hook.counter !== counter;
      if (hook.digest !== digest || isRerun) Object.assign(hook, { digest, position: 'pending', message: '' });
      Object.assign(hook, { spec, counter });
      Object.assign(hook.record, { desired: object.source, resource: object.resource, place: object.place });
      hook.record.failure = object.failure;
    }
  }

  /** Makes all of them objects to prune: the app goes away. */
  retireAll(records: Records): void {
    for (const key of this.#hooks.keys()) this.#retire(key, records);
  }

  /** What keeps the app from being healthy: a hook that runs, or failed. What is only tried after a failure does not count. */
  troubles(): ObjectState[] {
    const counting = [...this.ofPhase('before'), ...this.ofPhase('after')];
    return counting.flatMap(({ record, position, message, spec }): ObjectState[] => {
      const { key, health } = record;
      if (position === 'failed')
        return [
          { key, health, pending: false, pods: null, failure: { reason: 'HookFailed', message, permanent: true } },
        ];
      if (record.failure !== null) return [{ key, health, pending: true, pods: null, failure: record.failure }];
      if (position !== 'running') return [];
      const text = `the hook "${spec.phase}" runs${health.message === '' ? '' : `: ${health.message}`}`;
      return [
        {
          key,
          health,
          pending: false,
          pods: null,
          failure: { reason: 'HookRunning', message: text, permanent: false },
        },
      ];
    });
  }

  stored(): StoredHook[] {
    return [...this.#hooks.values()].map(({ record, ...hook }) => ({
      ...hook,
      key: record.key,
      apiVersion: record.apiVersion,
      desired: record.desired,
      uid: record.uid,
    }));
  }

  restore(stored: readonly StoredHook[]): void {
    for (const { key, apiVersion, desired, uid, ...hook } of stored) {
      const record = Object.assign(newRecord(key, parseObjectId(key), apiVersion), { desired, uid });
      this.#hooks.set(key, { ...hook, record });
    }
  }

  #enlist(key: string, apiVersion: string, spec: HookSpec, records: Records): Hook {
    const known = records.get(key);
    const record = known ?? newRecord(key, parseObjectId(key), apiVersion);
    records.delete(key);
    const isLive = known !== undefined;
    const hook: Hook = { record, spec, digest: '', counter: 0, position: 'pending', isLive, message: '' };
    this.#hooks.set(key, hook);
    return hook;
  }

  #retire(key: string, records: Records): void {
    const hook = this.#hooks.get(key);
    this.#hooks.delete(key);
    if (hook?.isLive !== true) return;
    Object.assign(hook.record, { desired: null, failure: null, appliedHash: null });
    records.set(key, hook.record);
  }
}
