import type { AppDiff, Preview, PreviewFinding } from '@fairlead/shared/contracts';

const maxBytes = 60_000;
const maxLines = 30;
const maxText = 300;
// What could end a line, or change how the text around it reads.
const steering = /[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069\ufeff]/g;
const signs = { added: '+', removed: '-', changed: '!' } as const;

/**
 * A preview as the body of a pull-request comment, at most 60 KB. Everything that comes from Git stands in code, whose fences
 * are longer than any run of backticks in it: it can neither format nor link nor mention.
 */
export function previewMarkdown(preview: Omit<Preview, 'markdown'>): string {
  const { totals } = preview;
  const parts = [
    `### Fairlead: ${headline(preview)}`,
    `${code(preview.ref)} at ${code(preview.commit.slice(0, 7))} of source ${code(preview.source)}: ` +
      `${totals.targets} targets on ${totals.clusters} clusters change, ${totals.unchanged} stay. ` +
      `Objects: ${totals.added} added, ${totals.changed} changed, ${totals.removed} deleted.`,
    ...(preview.isComplete ? [] : ['Some renders were stopped, so this may lack changes.']),
    ...section(
      'Waits for a person',
      preview.guard.map((line) => code(line)),
    ),
    ...section('Findings', preview.findings.map(findingLine)),
    ...section(
      'No longer defined, objects are kept',
      preview.vanished.map((name) => code(name)),
    ),
    ...section('Groups', preview.groups.map(groupLine)),
  ];
  let text = parts.join('\n\n');
  let shown = 0;
  for (const diff of preview.diffs) {
    const block = diffBlock(diff);
    if (sizeOf(text) + sizeOf(block) > maxBytes - 200) break;
    text += `\n\n${block}`;
    shown += 1;
  }
  const hidden = preview.diffs.slice(shown).reduce((sum, { clusters }) => sum + clusters.length, preview.more);
  return `${text}${hidden > 0 ? `\n\nDiffs of ${hidden} more targets do not fit here.` : ''}\n`;
}

function headline({ totals, findings, groups }: Omit<Preview, 'markdown'>): string {
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  if (errors > 0) return `${errors} errors`;
  if (totals.targets > 0) return `${totals.targets} targets change`;
  return groups.length > 0 ? 'new settings, no object changes' : 'no changes';
}

function section(title: string, lines: readonly string[]): string[] {
  if (lines.length === 0) return [];
  const hidden = lines.length - maxLines;
  const shown = lines.slice(0, maxLines).map((line) => `- ${line}`);
  return [[`**${title}**`, '', ...shown, ...(hidden > 0 ? [`- and ${hidden} more`] : [])].join('\n')];
}

function findingLine({ severity, app, clusters, file, line, message, hint }: PreviewFinding): string {
  const place = line === null ? file : `${file}:${line}`;
  const where = clusters.length === 0 ? '' : ` on ${nameClusters(clusters)}`;
  const whose = app === null ? '' : ` ${code(app)}${where}`;
  return `${severity}${whose}: ${code(place)} ${code(hint === null ? message : `${message} (${hint})`)}`;
}

function groupLine({ name, state, clusters }: Preview['groups'][number]): string {
  const changes = clusters.length === 0 ? 'settings only' : nameClusters(clusters);
  return `${code(name)}: ${changes}${state === 'waiting' ? ', would wait: something does not render' : ''}`;
}

function diffBlock(diff: AppDiff): string {
  const lines = diff.objects.flatMap(({ id, change, fields }) => [
    `${signs[change]} ${id}`,
    ...fields.flatMap(({ path, from, to }) => [
      ...(from === undefined ? [] : [`-   ${path}: ${JSON.stringify(from)}`]),
      ...(to === undefined ? [] : [`+   ${path}: ${JSON.stringify(to)}`]),
    ]),
  ]);
  const hidden = diff.added + diff.changed + diff.removed - diff.objects.length;
  if (hidden > 0) lines.push(`  and ${hidden} more objects`);
  const body = lines.map(oneLine).join('\n');
  const fence = '`'.repeat(Math.max(3, longestRun(body) + 1));
  const summary = `${code(diff.app)} on ${nameClusters(diff.clusters)}: +${diff.added} ~${diff.changed} -${diff.removed}`;
  return `${summary}\n\n${fence}diff\n${body}\n${fence}`;
}

function nameClusters(clusters: readonly string[]): string {
  return clusters.length > 8 ? `${clusters.length} clusters` : clusters.map(code).join(', ');
}

function code(text: string): string {
  const line = oneLine(text);
  const ticks = '`'.repeat(longestRun(line) + 1);
  const pad = line.startsWith('`') || line.endsWith('`') || line === '' ? ' ' : '';
  return `${ticks}${pad}${line}${pad}${ticks}`;
}

function oneLine(text: string): string {
  const line = text.replace(steering, ' ');
  return line.length > maxText ? `${line.slice(0, maxText)}…` : line;
}

function longestRun(text: string): number {
  return Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
}

function sizeOf(text: string): number {
  return Buffer.byteLength(text, 'utf8');
}
