import { errorCodes, type ErrorCode } from '@fairlead/shared/contracts';

/** docs/errors.md: every stable code, grouped by what it is about. */
export function errorDocs(): string {
  const entries = Object.entries<ErrorCode>(errorCodes);
  const byArea = Map.groupBy(entries, ([code]) => code.split('.')[0] ?? '');
  const areas = [...byArea].sort(([a], [b]) => a.localeCompare(b, 'en'));
  return [
    '# Error codes',
    'Generated from `libs/shared/src/contracts/{hub,client}-error-codes.ts` by "npm run generate"; do not edit. Codes are stable: scripts may rely on them.',
    ...areas.map(([area, codes]) => `## ${area}\n\n${tableOf(codes)}`),
  ].join('\n\n');
}

function tableOf(codes: readonly [string, ErrorCode][]): string {
  const rows = codes
    .toSorted(([a], [b]) => a.localeCompare(b, 'en'))
    .map(([code, { kind, meaning, remedy }]) => `| \`${code}\` | ${kind} | ${cell(meaning)} | ${cell(remedy)} |`);
  return ['| code | kind | meaning | what to do |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
