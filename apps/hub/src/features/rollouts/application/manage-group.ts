import { Group, type Unquarantine } from '@fairlead/shared/contracts';
import type { AdvanceGroup } from './advance-group.ts';
import { refusing, type Caller } from './caller.ts';
import { nothingToDo, releaseNotFound } from './rollout.errors.ts';
import type { LockedGroup, RolloutStore } from './rollout.store.ts';

/** Holds and quarantines, set and ended by people. What follows from it starts in the same transaction. */
export class ManageGroup {
  readonly #advance: AdvanceGroup;
  readonly #store: RolloutStore;

  constructor(options: { advance: AdvanceGroup; store: RolloutStore }) {
    this.#advance = options.advance;
    this.#store = options.store;
  }

  /** The group stays on what it has until a person releases it. */
  hold(name: string, reason: string, caller: Caller): Promise<Group> {
    return this.#change(name, 'group.hold', caller, async (group) => {
      const releaseId = await group.findBaseRelease();
      await group.setHold({ releaseId, reason, policy: 'untilReleased', by: caller.name });
    });
  }

  releaseHold(name: string, reason: string, caller: Caller): Promise<Group> {
    return this.#change(name, 'group.release-hold', caller, async (group) => {
      if (!(await group.endHold(caller.name, reason)))
        throw nothingToDo({ group: name, refusal: 'the group is not held' });
    });
  }

  /** Lets automation assign again what failed. */
  unquarantine(name: string, wanted: Unquarantine, caller: Caller): Promise<Group> {
    return this.#change(name, 'group.unquarantine', caller, async (group) => {
      const release = wanted.release === undefined ? null : await group.findRelease({ number: wanted.release });
      if (wanted.release !== undefined && !release) throw releaseNotFound({ group: name, release: wanted.release });
      const filter = { app: wanted.app, cluster: wanted.cluster, releaseId: release?.id };
      const count = await group.unquarantine(filter, caller.name, wanted.reason);
      if (count === 0) throw nothingToDo({ group: name, refusal: 'nothing of that is quarantined' });
    });
  }

  #change(name: string, action: string, caller: Caller, work: (group: LockedGroup) => Promise<void>): Promise<Group> {
    return refusing(this.#store, { actor: caller.name, action, subject: `group:${name}` }, () =>
      this.#advance.answer(
        { name },
        {
          repeatable: caller.repeatable,
          work: async (group) => {
            await work(group);
            return (locked) => locked.showGroup();
          },
          parse: (answer) => Group.parse(answer),
        },
      ),
    );
  }
}
