import { reconcileAnnotation, reconcilePolicy } from './reconcile-policy.ts';

const says = (policy: string) => ({ [reconcileAnnotation]: policy });

describe('the reconcile policy of an object', () => {
  it.each([
    [null, null, 'normal'],
    [says('merge'), says('else'), 'normal'],
    [says('disabled'), null, 'disabled'],
    [null, says('disabled'), 'disabled'],
    [says('ifNotPresent'), {}, 'ifNotPresent'],
    [says('ifNotPresent'), says('disabled'), 'disabled'],
    [says('disabled'), says('ifNotPresent'), 'disabled'],
  ] as const)('[case 12] with %j in Git and %j on the live object is %s', (desired, live, policy) => {
    expect(reconcilePolicy(desired, live)).toBe(policy);
  });
});
