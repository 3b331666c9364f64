import type { Preview } from '@fairlead/shared/contracts';
import { previewMarkdown } from './preview-markdown.ts';

const nothing: Omit<Preview, 'markdown'> = {
  source: 'main',
  ref: 'change',
  commit: 'a'.repeat(40),
  author: 'Ada',
  subject: 'Change',
  isComplete: true,
  totals: { targets: 0, unchanged: 1, clusters: 0, added: 0, changed: 0, removed: 0 },
  groups: [],
  vanished: [],
  findings: [],
  guard: [],
  diffs: [],
  more: 0,
};
const diff = (value: string, app = 'shop'): Preview['diffs'][number] => ({
  app,
  clusters: ['c1'],
  added: 0,
  changed: 1,
  removed: 0,
  objects: [{ id: '/ConfigMap/shop/a', change: 'changed', fields: [{ path: '/data/a', from: 'x', to: value }] }],
});
const hostile = '```\n# Heading\n@everyone [link](http://x) <img src=x> | ~~~ \u202e';

describe('the body of a pull-request comment', () => {
  it('is short when nothing changes', () => {
    expect(previewMarkdown(nothing)).toBe(
      '### Fairlead: no changes\n\n`change` at `aaaaaaa` of source `main`: 0 targets on 0 clusters change, 1 stay. ' +
        'Objects: 0 added, 0 changed, 0 deleted.\n',
    );
  });

  it('shows a diff in a fence, counts and findings', () => {
    const text = previewMarkdown({
      ...nothing,
      totals: { targets: 1, unchanged: 0, clusters: 1, added: 0, changed: 1, removed: 0 },
      diffs: [diff('y')],
    });
    expect(text).toContain('### Fairlead: 1 targets change');
    expect(text).toContain('```diff\n! /ConfigMap/shop/a\n-   /data/a: "x"\n+   /data/a: "y"\n```');
  });

  it('lets no content out of its code, wherever it comes from', () => {
    const finding = {
      severity: 'error' as const, app: 'shop', clusters: [], file: hostile, line: 1, column: 1, message: hostile, hint: hostile,
    }; // prettier-ignore
    const text = previewMarkdown({
      ...nothing,
      ref: 'a`b',
      findings: [finding],
      guard: [hostile],
      vanished: [hostile],
      diffs: [diff(hostile), { ...diff('x'), objects: [{ id: hostile, change: 'added', fields: [] }] }],
    });
    const outside = outsideOfCode(text);
    for (const mark of ['# Heading', '@everyone', '[link]', '<img', '\u202e']) expect(outside).not.toContain(mark);
    expect(text.split('\n').filter((line) => line.startsWith('# '))).toEqual([]);
  });

  it('stays within 60 KB whatever there is to say', () => {
    const diffs = Array.from({ length: 100 }, (_, index) => ({
      ...diff('ü'.repeat(250), `app-${index}`),
      objects: Array.from({ length: 20 }, () => diff('ü'.repeat(250)).objects[0]!),
    }));
    const finding = { severity: 'error' as const, app: 'a', clusters: [], line: null, column: null, hint: null };
    const findings = Array.from({ length: 200 }, () => ({
      ...finding,
      file: 'f'.repeat(9000),
      message: 'ü'.repeat(9000),
    }));
    const text = previewMarkdown({ ...nothing, diffs, findings, guard: findings.map(({ message }) => message) });
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(60_000);
    expect(text).toMatch(/Diffs of \d+ more targets do not fit here\.\n$/);
    expect((text.match(/^`{3,}/gm) ?? []).length % 2).toBe(0);
  });
});

/** The text without fenced blocks and code spans, by the rules of CommonMark. */
function outsideOfCode(text: string): string {
  const lines: string[] = [];
  let fence: string | null = null;
  for (const line of text.split('\n')) {
    const run = /^`{3,}/.exec(line)?.[0];
    if (fence === null && run !== undefined) fence = run;
    else if (fence !== null && run !== undefined && run.length >= fence.length && line === run) fence = null;
    else if (fence === null) lines.push(line.replace(/(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)/g, ''));
  }
  expect(fence).toBeNull();
  return lines.join('\n');
}
