import type { Preview, PreviewFinding } from '@fairlead/shared/contracts';
import type { Palette } from '../terminal.ts';
import { appDiffLines } from './diff-lines.ts';
import { plural, short } from './words.ts';

/** A preview for people: what would change where, what is wrong, what would wait for a person. */
export function previewLines(preview: Preview, paint: Palette): string[] {
  const { totals } = preview;
  const lines = [
    paint.bold(
      `${preview.source} ${preview.ref} ${short(preview.commit)}: ${plural(totals.targets, 'target')} changed`,
    ) + paint.dim(`  ${totals.unchanged} unchanged`),
    `objects  +${totals.added} ~${totals.changed} -${totals.removed} on ${plural(totals.clusters, 'cluster')}`,
  ];
  for (const { name, clusters, state } of preview.groups) {
    const where = clusters.length === 0 ? 'settings only' : plural(clusters.length, 'cluster');
    lines.push(
      `group ${name}  ${where}${state === 'waiting' ? paint.red('  would wait: something does not render') : ''}`,
    );
  }
  for (const name of preview.vanished) lines.push(paint.yellow(`${name} is no longer defined; its objects are kept`));
  for (const warning of preview.guard) lines.push(paint.yellow(`! waits for a person: ${warning}`));
  for (const finding of preview.findings) lines.push(findingLine(finding, paint));
  if (!preview.isComplete) lines.push(paint.yellow('! some renders were stopped; try again'));
  lines.push(...appDiffLines(preview.diffs, paint));
  if (preview.more > 0) lines.push(paint.dim(`${plural(preview.more, 'target')} more not shown`));
  return lines;
}

function findingLine({ severity, app, clusters, file, line, message, hint }: PreviewFinding, paint: Palette): string {
  const place = line === null ? file : `${file}:${line}`;
  const where =
    clusters.length === 0
      ? ''
      : ` on ${clusters.length > 5 ? plural(clusters.length, 'cluster') : clusters.join(', ')}`;
  const text = `${place}  ${message}${hint === null ? '' : ` (${hint})`}  ${app ?? ''}${where}`.trimEnd();
  return severity === 'error' ? paint.red(`✖ ${text}`) : paint.yellow(`! ${text}`);
}
