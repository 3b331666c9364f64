const mostPods = 6;

/** What the hub knows of one target from its agent's reports. Instants are milliseconds by the hub's clock. */
export interface TargetStatus {
  epoch: number;
  counter: number;
  digest: string;
  phase: 'received' | 'applied' | 'failed' | 'deleted';
  permanent: boolean;
  message: string | null;
  health: string;
  failing: readonly Failure[];
  counts: Readonly<Record<string, number>>;
  openDrift: number;
  unmanaged: number;
  contended: number;
  pruneHold: unknown;
  notices: readonly unknown[];
  receivedAtMs: number;
  appliedAtMs: number | null;
  reportedAtMs: number;
}

interface Failure {
  object: string;
  reason: string;
  message: string;
  /** What its Pods said, as the agent put it. */
  pods: readonly unknown[] | null;
}

interface Reported {
  epoch: number;
  counter: number;
  digest: string;
}

export interface Acknowledged extends Reported {
  type: 'ack';
  phase: 'received' | 'applied' | 'failed' | 'deleted';
  permanent: boolean;
  message: string | null;
  failures: readonly Failure[];
}

export interface Observed extends Reported {
  type: 'status';
  applied: boolean;
  health: string;
  counts: Readonly<Record<string, number>>;
  failing: readonly Failure[];
  openDrift: number;
  unmanaged: number;
  contended: number;
  pruneHold: unknown;
  notices: readonly unknown[];
}

/** What the target should run; an agent's words about anything it was never given count for nothing. */
export interface Assigned {
  counter: number;
  digest: string;
}

/**
 * The status after a report; null when the report counts for nothing: an older session or assignment than what is known, or a
 * digest that is not the one assigned under that counter. A newer assignment starts from nothing known about health.
 */
export function afterReport(
  known: TargetStatus | null,
  report: Acknowledged | Observed,
  { assigned, nowMs }: { assigned: Assigned; nowMs: number },
): TargetStatus | null {
  if (report.counter > assigned.counter) return null;
  if (report.counter === assigned.counter && report.digest !== assigned.digest) return null;
  if (known && (report.epoch < known.epoch || report.counter < known.counter)) return null;
  const isSame = known?.counter === report.counter;
  if (isSame && known.digest !== report.digest) return null;
  const base = isSame ? known : blank(report, nowMs);
  const { epoch } = report;
  if (report.type === 'status') {
    const isApplied = report.applied || base.phase === 'applied';
    return {
      ...base,
      epoch,
      // An acknowledgement may have been merged away by a reconnect; the status says the same.
      phase: isApplied ? 'applied' : base.phase,
      appliedAtMs: isApplied ? (base.appliedAtMs ?? nowMs) : base.appliedAtMs,
      health: report.health,
      counts: report.counts,
      failing: withFewPods(report.failing),
      openDrift: report.openDrift,
      unmanaged: report.unmanaged,
      contended: report.contended,
      pruneHold: report.pruneHold,
      notices: report.notices,
      reportedAtMs: nowMs,
    };
  }
  // `received` is the beginning; said again after a restart of the agent it takes nothing back.
  const phase = report.phase === 'received' ? base.phase : report.phase;
  return {
    ...base,
    epoch,
    phase,
    // What an earlier session said of health is not fresh: nothing may pass on it before this session says so itself.
    health: epoch > base.epoch ? 'unknown' : base.health,
    permanent: phase === 'failed' && report.permanent,
    message: phase === 'failed' ? (report.message ?? base.message) : null,
    failing: report.phase === 'failed' ? withFewPods(report.failures) : base.failing,
    appliedAtMs: phase === 'applied' ? (base.appliedAtMs ?? nowMs) : base.appliedAtMs,
    reportedAtMs: nowMs,
  };
}

function blank(report: Reported, nowMs: number): TargetStatus {
  return {
    epoch: report.epoch,
    counter: report.counter,
    digest: report.digest,
    phase: 'received',
    permanent: false,
    message: null,
    health: 'unknown',
    failing: [],
    counts: {},
    openDrift: 0,
    unmanaged: 0,
    contended: 0,
    pruneHold: null,
    notices: [],
    receivedAtMs: nowMs,
    appliedAtMs: null,
    reportedAtMs: nowMs,
  };
}

/** Keeps what the first few Pods said: enough to see what is wrong, little enough to be written with every status. */
function withFewPods(failures: readonly Failure[]): Failure[] {
  let left = mostPods;
  return failures.map((failure) => {
    const pods = failure.pods?.slice(0, left) ?? [];
    left -= pods.length;
    return { ...failure, pods };
  });
}

/** Whether a rollout could decide differently because of the change; everything else only updates what people see. */
export function isDecisive(before: TargetStatus | null, after: TargetStatus): boolean {
  return (
    !before ||
    before.counter !== after.counter ||
    before.epoch !== after.epoch ||
    before.phase !== after.phase ||
    before.permanent !== after.permanent ||
    before.health !== after.health ||
    (before.pruneHold === null) !== (after.pruneHold === null)
  );
}
