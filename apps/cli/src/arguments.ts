import { CodedError, parseDurationMs } from '@fairlead/shared/kernel';

/** An option or argument that cannot be right, whatever the hub says. */
export function badOption(message: string, details: Record<string, unknown>): CodedError {
  return new CodedError({ code: 'cli.bad-option', kind: 'invalid' }, message, details);
}

/** "env=prod,region=eu" */
export function parseLabels(text: string): Record<string, string> {
  const labels: Record<string, string> = {};
  for (const part of text.split(',').filter((piece) => piece !== '')) {
    const match = /^([^=]+)=(.*)$/.exec(part);
    if (match?.[1] === undefined) throw badOption('Labels are written key=value,key=value', { given: part });
    labels[match[1]] = match[2] ?? '';
  }
  return labels;
}

/** "env=prod" sets a label, "region-" takes one away. */
export function parseLabelChanges(parts: readonly string[]): Record<string, string | null> {
  const changes: Record<string, string | null> = {};
  for (const part of parts) {
    const removed = /^([^=]+)-$/.exec(part)?.[1];
    if (removed === undefined) Object.assign(changes, parseLabels(part));
    else changes[removed] = null;
  }
  return changes;
}

/** Milliseconds of "10m" or "1h30m". */
export function parseDuration(text: string): number {
  const ms = parseDurationMs(text);
  if (ms === null) throw badOption('A duration is written like 30s, 10m or 1h30m', { given: text });
  return ms;
}

export function parseCount(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw badOption('A number above zero is needed', { given: text });
  return Number(text);
}
