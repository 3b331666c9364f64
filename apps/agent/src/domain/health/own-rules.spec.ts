import type { HealthRule } from '@fairlead/shared/contracts';
import type { JsonObject } from '@fairlead/manifests';
import { noFacts } from './object-health.ts';
import { readOwnRules } from './own-rules.ts';
import { objectHealth } from './rules.ts';

const rule = (expressions: Partial<HealthRule>): HealthRule => ({
  apiVersion: 'example.dev/v1',
  kind: 'Gate',
  progressing: null,
  failed: null,
  current: 'false',
  ...expressions,
});
const judge = async (expressions: Partial<HealthRule>, object: JsonObject = { status: { ready: 1 } }) => {
  const rules = await readOwnRules([rule(expressions)]);
  const own = rules.find('example.dev/v1', 'Gate');
  return {
    problems: rules.problems,
    health: objectHealth({ group: 'example.dev', kind: 'Gate' }, object, noFacts, own),
  };
};

describe('health rules that an app brings along', () => {
  it('[case 120] asks progressing, failed, current, in this order', async () => {
    const all = { progressing: 'true', failed: 'true', current: 'true' };
    expect((await judge(all)).health.state).toBe('progressing');
    expect((await judge({ ...all, progressing: 'false' })).health.state).toBe('failed');
    expect((await judge({ ...all, progressing: 'false', failed: 'false' })).health.state).toBe('current');
    expect((await judge({ progressing: 'false', failed: 'false', current: 'false' })).health.state).toBe('progressing');
    expect((await judge({ current: 'object.spec.absent == 1' })).health).toMatchObject({
      state: 'unknown',
      reason: 'RuleError',
      message: expect.stringContaining('No such key: spec') as string,
    });
  });

  it('[case 121] decides about an object whose observed generation is no number', async () => {
    const odd = { metadata: { generation: 3 }, status: { observedGeneration: '2', phase: 'Ready' } };
    expect((await judge({ current: 'object.status.phase == "Ready"' }, odd)).health.state).toBe('current');
    const behind = { metadata: { generation: 3 }, status: { observedGeneration: 2, phase: 'Ready' } };
    expect((await judge({ current: 'object.status.phase == "Ready"' }, behind)).health).toMatchObject({
      state: 'progressing',
      reason: 'NotObserved',
    });
  });

  it('knows conditions, numbers and optional fields', async () => {
    const object = {
      spec: { replicas: 3 },
      status: { ready: 3, conditions: [{ type: 'Synced', status: 'True' }] },
    };
    const isCurrent = async (current: string) => (await judge({ current }, object)).health.state === 'current';
    expect(await isCurrent('object.status.ready >= object.spec.replicas')).toBe(true);
    expect(await isCurrent('object.status.ready + 1 == 4')).toBe(true);
    expect(await isCurrent('object.status.conditions.exists(c, c.type == "Synced" && c.status == "True")')).toBe(true);
    expect(await isCurrent('has(object.status.phase)')).toBe(false);
    expect(await isCurrent('object.status.?phase.orValue("Ready") == "Ready"')).toBe(true);
  });

  it('names a rule that cannot be read, and the objects of its kind are unknown', async () => {
    const { problems, health } = await judge({ failed: 'object.status.', current: 'true' });
    expect(problems).toEqual([
      { apiVersion: 'example.dev/v1', kind: 'Gate', message: expect.stringMatching(/^"failed": /) as string },
    ]);
    expect(health).toMatchObject({ state: 'unknown', reason: 'RuleError' });
    expect((await judge({ current: 'other.status == 1' })).problems[0]?.message).toContain('Unknown variable: other');
    expect((await judge({ current: '1 + 1' })).problems[0]?.message).toContain('no condition');
  });

  it('runs patterns in linear time, however they are written', async () => {
    const evil = { status: { text: `${'a'.repeat(50_000)}!` } };
    expect((await judge({ current: 'object.status.text.matches("^(a+)+$")' }, evil)).health.state).toBe('progressing');
    expect((await judge({ current: 'object.status.text.matches("a!$")' }, evil)).health.state).toBe('current');
    expect((await judge({ current: 'object.status.text.matches("(?=a)")' }, evil)).health.state).toBe('unknown');
  });

  it('refuses what could take long, before or when it is asked', async () => {
    const list = 'object.status.list';
    const deep = `${list}.all(a, ${list}.all(b, ${list}.all(c, a == b && b == c)))`;
    expect((await judge({ current: deep })).problems[0]?.message).toContain('too deep');
    expect((await judge({ current: `"${'x'.repeat(2_001)}" == "x"` })).problems[0]?.message).toContain('longer than');
    expect((await judge({ current: 'cel.bind(x, object, true)' })).problems[0]?.message).toContain('bind');
    const chain = `${list}${'.map(x, x + x)'.repeat(5)}.size() == 1`;
    expect((await judge({ current: chain })).problems[0]?.message).toContain('chains too many loops');
    const nested = { current: `${list}.all(a, ${list}.all(b, a == b))` };
    const small = { status: { list: ['a', 'a'] } };
    expect((await judge(nested, small)).health.state).toBe('current');
    const large = { status: { list: Array.from({ length: 3_000 }, () => 'a') } };
    expect((await judge(nested, large)).health).toMatchObject({ state: 'unknown', reason: 'RuleError' });
    expect((await judge({ current: `${list}.all(a, a == "a")` }, large)).health.state).toBe('current');
  });

  it('does not show values of Secrets to a rule', async () => {
    const rules = await readOwnRules([
      rule({ apiVersion: 'v1', kind: 'Secret', current: 'int(object.data.password) > 0' }),
    ]);
    const health = rules.find('v1', 'Secret')?.({ data: { password: 'aHVudGVyMg==' } });
    expect(health?.state).toBe('unknown');
    expect(health?.message).not.toContain('aHVudGVyMg==');
  });

  it('gives a controller time to write the fields that an expression asks for', async () => {
    const own = (await readOwnRules([rule({ current: 'object.status.ready == 1' })])).find('example.dev/v1', 'Gate');
    const facts = { ...noFacts, now: 100_000, appliedAt: 95_000 };
    const judged = (object: JsonObject, now = facts.now) =>
      objectHealth({ group: 'example.dev', kind: 'Gate' }, object, { ...facts, now }, own);
    expect(judged({})).toMatchObject({ state: 'progressing', reason: 'NoStatus' });
    expect(judged({}, 200_000).state).toBe('unknown');
    expect(judged({ status: { ready: 1 } }).state).toBe('current');
  });
});
