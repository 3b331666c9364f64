import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defaultTargetSettings, TargetSettings } from '@fairlead/shared/contracts';
import { readApp } from './define-app.ts';

const head = 'apiVersion: fairlead.dev/v1\nkind: App\nmetadata: { name: shop }\n';

function settingsOf(spec: string): TargetSettings {
  const read = readApp(head + spec, 'fairlead.yaml');
  if (!read.ok) throw new Error(JSON.stringify(read.errors));
  return TargetSettings.parse(read.app.settings);
}

describe('the documented format', () => {
  it('is what is read', () => {
    const text = readFileSync(join(import.meta.dirname, '../../../../../../docs/git-format.md'), 'utf8');
    const [, example = ''] = /```yaml\n([^]*?)```/.exec(text) ?? [];
    expect(readApp(example, 'fairlead.yaml')).toMatchObject({
      ok: true,
      app: { settings: { apply: { takeOver: [{ name: 'kubectl', match: 'prefix' }, { name: 'helm' }] } } },
    });
  });
});

describe('settings of an app', () => {
  it('are those of an app that says nothing', () => {
    expect(settingsOf('')).toEqual({ ...defaultTargetSettings, namespace: 'default' });
  });

  it('carry everything the file says to the agent', () => {
    const settings = settingsOf(`spec:
  namespace: shop
  serviceAccount: tenants/shop
  apply: { conflicts: report, adopt: always, recreate: true, takeOver: [helm, 'kubectl*'], onInvalid: skip }
  drift:
    mode: report
    ignore: [{ target: { kind: 'Deploy.*', labelSelector: 'app in (a, b)' }, paths: ['/spec/replicas'], managers: [vpa] }]
  health: [{ apiVersion: example.dev/v1, kind: Gate, current: object.status.ready == true, failed: "object.error != ''" }]
  prune: { propagation: orphan, cascade: true, maxDeletes: 3 }
`);
    expect(settings).toEqual({
      ...defaultTargetSettings,
      namespace: 'shop',
      serviceAccount: 'tenants/shop',
      apply: {
        conflicts: 'report',
        adopt: 'always',
        recreate: true,
        takeOver: [
          { name: 'helm', match: 'exact' },
          { name: 'kubectl', match: 'prefix' },
        ],
        onInvalid: 'skip',
      },
      driftMode: 'report',
      ignore: [
        {
          target: {
            group: null, version: null, kind: 'Deploy.*', namespace: null, name: null,
            labelSelector: 'app in (a, b)', annotationSelector: null,
          },
          paths: ['/spec/replicas'],
          managers: ['vpa'],
        },
      ], // prettier-ignore
      health: [
        {
          apiVersion: 'example.dev/v1',
          kind: 'Gate',
          progressing: null,
          failed: "object.error != ''",
          current: 'object.status.ready == true',
        },
      ],
      prune: { ...defaultTargetSettings.prune, propagation: 'orphan', cascade: true, maxDeletes: 3 },
    });
  });

  it.each([
    ['object.status.', /Expected IDENTIFIER/],
    ['self.status.ready', /Unknown variable/],
    ["'ready'", /it gives string, not true or false/],
    ['nosuch(object)', /nosuch/],
  ])('does not take the expression %j', (expression, expected) => {
    const spec = `spec:\n  health:\n  - { apiVersion: v1, kind: Gate, current: ${JSON.stringify(expression)} }\n`;
    const read = readApp(head + spec, 'shop/fairlead.yaml');
    expect(read).toMatchObject({ ok: false, errors: [{ file: 'shop/fairlead.yaml', line: 6 }] });
    expect(read.ok ? '' : read.errors[0]?.message).toMatch(expected);
  });
});
