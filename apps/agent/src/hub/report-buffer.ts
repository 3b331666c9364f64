import type { AgentReport } from '@fairlead/shared/contracts';

type Unnumbered<Report> = Report extends AgentReport ? Omit<Report, 'epoch' | 'report'> : never;
/** A report before a session has numbered it. */
export type Report = Unnumbered<AgentReport>;
type DriftReport = Extract<Report, { type: 'drift' }>;
type Opened = DriftReport['opened'][number];
type Closed = DriftReport['closed'][number];

interface Entry {
  report: Report;
  /** Number it was last sent with in this epoch, null when it was not sent yet. */
  sentAs: number | null;
}

interface DriftEntry {
  opened: Opened | null;
  closed: Closed | null;
  sentAs: number | null;
}

interface AppDrift {
  head: Omit<DriftReport, 'opened' | 'closed'>;
  items: Map<string, DriftEntry>;
}

const driftItemsPerMessage = 200;
const driftItemsPerApp = 2000;

/**
 * Reports that the hub has not confirmed. Coalesced per app (acks, status) and per field (drift), so that its size is
 * bounded by what is managed and not by how long the hub is away. Numbers grow per epoch; a new epoch sends all of it again.
 */
export class ReportBuffer {
  readonly #latest = new Map<string, Entry>();
  readonly #drift = new Map<string, AppDrift>();
  #epoch = 0;
  #number = 0;

  /** Takes a report; an older one about the same thing is forgotten. */
  add(report: Report): void {
    if (report.type === 'drift') this.#addDrift(report);
    else this.#latest.set(`${report.type} ${report.app}`, { report, sentAs: null });
  }

  /** Starts a session: everything unconfirmed is to be sent again, with new numbers. */
  beginEpoch(epoch: number): void {
    this.#epoch = epoch;
    this.#number = 0;
    for (const entry of this.#latest.values()) entry.sentAs = null;
    for (const { items } of this.#drift.values()) for (const item of items.values()) item.sentAs = null;
  }

  /** Numbered messages to send now. */
  takeUnsent(): AgentReport[] {
    const messages: AgentReport[] = [];
    for (const entry of this.#latest.values()) {
      if (entry.sentAs !== null) continue;
      entry.sentAs = this.#next();
      messages.push({ ...entry.report, epoch: this.#epoch, report: entry.sentAs } as AgentReport);
    }
    for (const drift of this.#drift.values()) messages.push(...this.#takeDrift(drift));
    return messages;
  }

  /** The hub has stored everything up to this number. */
  confirm(epoch: number, number: number): void {
    if (epoch !== this.#epoch) return;
    for (const [key, entry] of this.#latest)
      if (entry.sentAs !== null && entry.sentAs <= number) this.#latest.delete(key);
    for (const [app, { items }] of this.#drift) {
      for (const [key, item] of items) if (item.sentAs !== null && item.sentAs <= number) items.delete(key);
      if (items.size === 0) this.#drift.delete(app);
    }
  }

  get size(): number {
    let size = this.#latest.size;
    for (const { items } of this.#drift.values()) size += items.size;
    return size;
  }

  #takeDrift({ head, items }: AppDrift): AgentReport[] {
    const unsent = [...items.values()].filter((item) => item.sentAs === null);
    const messages: AgentReport[] = [];
    for (let start = 0; start < unsent.length; start += driftItemsPerMessage) {
      const part = unsent.slice(start, start + driftItemsPerMessage);
      const number = this.#next();
      for (const item of part) item.sentAs = number;
      messages.push({
        ...head,
        epoch: this.#epoch,
        report: number,
        opened: part.flatMap((item) => (item.opened === null ? [] : [item.opened])),
        closed: part.flatMap((item) => (item.closed === null ? [] : [item.closed])),
      });
    }
    return messages;
  }

  #addDrift(report: DriftReport): void {
    const { opened, closed, ...head } = report;
    const drift = this.#drift.get(report.app) ?? { head, items: new Map<string, DriftEntry>() };
    this.#drift.set(report.app, drift);
    drift.head = head;
    for (const item of opened) drift.items.set(itemKey(item), { opened: item, closed: null, sentAs: null });
    for (const item of closed) {
      const known = drift.items.get(itemKey(item));
      // An opening that was sent but not confirmed goes along again: the hub may not have stored it.
      drift.items.set(itemKey(item), { opened: known?.opened ?? null, closed: item, sentAs: null });
    }
    for (const key of drift.items.keys()) {
      if (drift.items.size <= driftItemsPerApp) break;
      drift.items.delete(key);
    }
  }

  #next(): number {
    this.#number += 1;
    return this.#number;
  }
}

function itemKey(item: { object: string; path: string }): string {
  return `${item.object} ${item.path}`;
}
