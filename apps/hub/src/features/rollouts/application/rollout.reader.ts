import type {
  Group,
  ListRollouts,
  ListTargets,
  Rollout,
  RolloutTarget,
  RolloutWave,
  Target,
  TargetDetail,
} from '@fairlead/shared/contracts';

export interface RolloutEvent {
  readonly id: number;
  readonly type: string;
  readonly at: string;
  readonly payload: unknown;
}

export interface Page<T> {
  items: T[];
  next: string | null;
}

type Filter<Query> = Omit<Query, 'limit' | 'cursor'>;

/** What people see. Lists are paged by the last item shown; a cursor nobody gave out is refused. */
export interface RolloutReader {
  /** Newest first. */
  listRollouts(page: { filter: Filter<ListRollouts>; cursor: string | null; limit: number }): Promise<Page<Rollout>>;
  getRollout(id: number): Promise<Rollout>;
  listWaves(id: number): Promise<RolloutWave[]>;
  listRolloutTargets(page: { id: number; cursor: string | null; limit: number }): Promise<Page<RolloutTarget>>;
  /** Events of a rollout behind `afterId`, oldest first. */
  readEvents(page: { id: number; afterId: number; limit: number }): Promise<RolloutEvent[]>;
  listGroups(page: { cursor: string | null; limit: number }): Promise<Page<Group>>;
  getGroup(name: string): Promise<Group>;
  /** Throws `target.not-found`. */
  getTarget(of: { app: string; cluster: string }): Promise<TargetDetail>;
  listTargets(page: { filter: Filter<ListTargets>; cursor: string | null; limit: number }): Promise<Page<Target>>;
}

export const ROLLOUT_READER = Symbol('RolloutReader');
