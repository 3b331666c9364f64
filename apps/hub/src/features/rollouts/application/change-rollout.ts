import { Rollout as ShownRollout } from '@fairlead/shared/contracts';
import { applyCommand, type CommandName } from '../domain/commands.ts';
import type { AdvanceGroup, GroupInstant } from './advance-group.ts';
import { refusing, type Caller } from './caller.ts';
import { commandRefused, rolloutNotFound, versionMismatch } from './rollout.errors.ts';
import type { LockedGroup, RolloutStore, StoredRollout } from './rollout.store.ts';

export interface RolloutCommand {
  readonly id: number;
  readonly name: CommandName;
  readonly reason: string;
  /** The version the caller looked at; any when null. */
  readonly version: number | null;
}

/** Pauses, resumes, cancels, retries or rolls back a rollout for a person, and advances it in the same transaction. */
export class ChangeRollout {
  readonly #advance: AdvanceGroup;
  readonly #store: RolloutStore;

  constructor(options: { advance: AdvanceGroup; store: RolloutStore }) {
    this.#advance = options.advance;
    this.#store = options.store;
  }

  /** Gives the rollout as it is after that. Throws `rollout.refused` when its state does not allow it. */
  async change(command: RolloutCommand, caller: Caller): Promise<ShownRollout> {
    const { id, name } = command;
    const groupId = await this.#store.findGroupOfRollout(id);
    if (groupId === null) throw rolloutNotFound(id);
    const refusal = { actor: caller.name, action: `rollout.${name}`, subject: `rollout:${id}` };
    return refusing(this.#store, refusal, () =>
      this.#advance.answer(
        { id: groupId },
        {
          repeatable: caller.repeatable,
          work: async (group, instant) => {
            const before = await group.getRollout(id);
            if (command.version !== null && command.version !== before.version) {
              throw versionMismatch({ id, version: before.version });
            }
            await carryOut(group, before, { ...command, by: caller.name }, instant);
            return (locked) => locked.showRollout(id);
          },
          parse: (answer) => ShownRollout.parse(answer),
        },
      ),
    );
  }
}

/** Carries a command out on a rollout that was just read. */
export async function carryOut(
  group: LockedGroup,
  before: StoredRollout,
  command: { name: CommandName; by: string; reason: string },
  instant: GroupInstant,
): Promise<void> {
  const { now, hubStartedAt, clockJumpedAt, heartbeatMs } = instant;
  const rows = await group.observe(before.rollout, instant.liveSince);
  const world = { ...rows, hubStartedAt, clockJumpedAt, heartbeatMs, successor: null };
  const result = applyCommand(before.rollout, command, world, now);
  if (!result.ok) throw commandRefused({ id: before.rollout.id, refusal: result.refusal });
  await group.save({ before, next: result.next, effects: result.effects, now });
}
