import type { RolloutState, TargetState, WaveState } from './rollout.types.ts';

export type RolloutEvent =
  | 'confirm'
  | 'start'
  | 'pause'
  | 'resume'
  | 'halt'
  | 'supersede'
  | 'drained'
  | 'rollBack'
  | 'allPassed'
  | 'allBack'
  | 'someStuck'
  | 'cancel'
  | 'retry';

const never = {
  confirm: null,
  start: null,
  pause: null,
  resume: null,
  halt: null,
  supersede: null,
  drained: null,
  rollBack: null,
  allPassed: null,
  allBack: null,
  someStuck: null,
  cancel: null,
  retry: null,
} as const;

/** Every state, every event: the next state, or null where the event changes nothing. A missing cell does not compile. */
export const rolloutTransitions = {
  planned: { ...never, confirm: 'awaitingStart', start: 'running', drained: 'superseded', cancel: 'cancelled' },
  awaitingStart: { ...never, start: 'running', drained: 'superseded', cancel: 'cancelled' },
  running: {
    ...never,
    pause: 'paused',
    halt: 'halted',
    supersede: 'superseding',
    rollBack: 'rollingBack',
    allPassed: 'succeeded',
    cancel: 'cancelled',
    retry: 'running',
  },
  paused: { ...never, resume: 'running', rollBack: 'rollingBack', cancel: 'cancelled' },
  halted: { ...never, resume: 'running', rollBack: 'rollingBack', cancel: 'cancelled', retry: 'running' },
  superseding: { ...never, halt: 'halted', rollBack: 'rollingBack', drained: 'superseded', cancel: 'cancelled' },
  rollingBack: { ...never, allBack: 'rolledBack', someStuck: 'rollbackFailed' },
  succeeded: never,
  rolledBack: never,
  rollbackFailed: { ...never, retry: 'rollingBack' },
  cancelled: never,
  superseded: never,
} as const satisfies Record<RolloutState, Record<RolloutEvent, RolloutState | null>>;

export type WaveEvent = 'open' | 'block' | 'soak' | 'disturb' | 'pass' | 'skip' | 'fail';

const still = { open: null, block: null, soak: null, disturb: null, pass: null, skip: null, fail: null } as const;

/** `disturb`: something in a soaking wave is not healthy any more; it soaks anew once it is. */
export const waveTransitions = {
  pending: { ...still, open: 'running', block: 'blocked', fail: 'failed' },
  blocked: { ...still, open: 'running', skip: 'skipped', fail: 'failed' },
  running: { ...still, block: 'blocked', soak: 'soaking', pass: 'passed', skip: 'skipped', fail: 'failed' },
  soaking: { ...still, block: 'blocked', disturb: 'running', pass: 'passed', skip: 'skipped', fail: 'failed' },
  analysing: { ...still, disturb: 'running', pass: 'passed', fail: 'failed' },
  passed: { ...still, fail: 'failed' },
  failed: { ...still, open: 'running' },
  skipped: { ...still, fail: 'failed' },
} as const satisfies Record<WaveState, Record<WaveEvent, WaveState | null>>;

export type TargetEvent =
  | 'assign'
  | 'receive'
  | 'apply'
  | 'becomeHealthy'
  | 'finish'
  | 'fail'
  | 'goOffline'
  | 'return'
  | 'leave'
  | 'rollBack'
  | 'restored'
  | 'stuck'
  | 'freeze'
  | 'leaveAlone'
  | 'retry';

const quiet = {
  assign: null,
  receive: null,
  apply: null,
  becomeHealthy: null,
  finish: null,
  fail: null,
  goOffline: null,
  return: null,
  leave: null,
  rollBack: null,
  restored: null,
  stuck: null,
  freeze: null,
  leaveAlone: null,
  retry: null,
} as const;

// What any target that has begun can meet, wherever it is on its way.
const begun = {
  ...quiet,
  fail: 'failed',
  goOffline: 'offline',
  leave: 'left',
  rollBack: 'rollingBack',
  freeze: 'failed',
  leaveAlone: 'untouched',
} as const;

/** `return`: an offline cluster is back; it starts over from `pending` and keeps what it was already assigned. */
export const targetTransitions = {
  pending: {
    ...quiet,
    assign: 'assigned',
    fail: 'failed',
    goOffline: 'offline',
    leave: 'left',
    rollBack: 'rollingBack',
    freeze: 'failed',
    leaveAlone: 'untouched',
  },
  assigned: { ...begun, receive: 'received', apply: 'applied' },
  received: { ...begun, apply: 'applied' },
  applied: { ...begun, becomeHealthy: 'healthy' },
  healthy: { ...begun, finish: 'done' },
  done: begun,
  failed: {
    ...quiet,
    leave: 'left',
    rollBack: 'rollingBack',
    freeze: 'failed',
    leaveAlone: 'untouched',
    retry: 'pending',
  },
  rollingBack: { ...quiet, restored: 'rolledBack', stuck: 'rollbackFailed', leave: 'left' },
  rolledBack: quiet,
  rollbackFailed: { ...quiet, leave: 'left', retry: 'failed' },
  offline: {
    ...quiet,
    return: 'pending',
    fail: 'failed',
    leave: 'left',
    rollBack: 'rollingBack',
    freeze: 'failed',
    leaveAlone: 'untouched',
  },
  left: quiet,
  untouched: quiet,
} as const satisfies Record<TargetState, Record<TargetEvent, TargetState | null>>;

/** Where an event leads, or null where it changes nothing. */
export function nextRolloutState(state: RolloutState, event: RolloutEvent): RolloutState | null {
  return rolloutTransitions[state][event];
}

/** Where an event leads, or null where it changes nothing. */
export function nextWaveState(state: WaveState, event: WaveEvent): WaveState | null {
  return waveTransitions[state][event];
}

/** Where an event leads, or null where it changes nothing. */
export function nextTargetState(state: TargetState, event: TargetEvent): TargetState | null {
  return targetTransitions[state][event];
}

const activeStates: ReadonlySet<RolloutState> = new Set(['running', 'paused', 'halted', 'superseding', 'rollingBack']);
const waitingStates: ReadonlySet<RolloutState> = new Set(['planned', 'awaitingStart']);

/** It changes or may change what clusters run; a group has at most one. */
export function isActive(state: RolloutState): boolean {
  return activeStates.has(state);
}

/** Nothing moves it by itself any more. */
export function isTerminal(state: RolloutState): boolean {
  return !activeStates.has(state) && !waitingStates.has(state);
}
