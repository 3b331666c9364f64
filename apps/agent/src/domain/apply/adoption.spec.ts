import type { ObjectId } from '@fairlead/manifests';
import { marksOf } from '../marks.ts';
import type { Marks } from '../marks.ts';
import { judgeAdoption } from './adoption.ts';

const id: ObjectId = { group: 'apps', kind: 'Deployment', namespace: 'shop', name: 'api' };
const nothing: Marks = { labels: {}, annotations: {} };

function judge(live: Marks, adopt: 'unowned' | 'never' | 'always' = 'unowned', takeOver: string[] = []) {
  const settings = { adopt, takeOver: takeOver.map((name) => ({ name, match: 'prefix' as const })) };
  return judgeAdoption({ app: 'web', agentNamespace: 'fairlead', id, live, settings });
}

describe('adopting an object that exists', () => {
  it('[case 88] takes what nobody owns, unless the app adopts nothing', () => {
    expect(judge(nothing)).toEqual({ verdict: 'adopt' });
    expect(judge(nothing, 'never')).toMatchObject({ verdict: 'refuse', reason: 'NotOwned' });
  });

  it('knows its own, whatever the policy', () => {
    expect(judge(marksOf('web', id, 'fairlead'), 'never')).toEqual({ verdict: 'ours' });
  });

  it('[case 89] leaves what another app or another agent has, unless the app adopts always', () => {
    const other = marksOf('mail', id, 'fairlead');
    expect(judge(other)).toMatchObject({ reason: 'OwnedByAnother', message: expect.stringContaining('"mail"') });
    expect(judge(marksOf('web', id, 'elsewhere'))).toMatchObject({ message: expect.stringContaining('another agent') });
    expect(judge(other, 'always')).toEqual({ verdict: 'adopt' });
  });

  it('believes no marks that were copied from another object', () => {
    expect(judge(marksOf('mail', { ...id, name: 'other' }, 'fairlead'))).toEqual({ verdict: 'adopt' });
    const copied = { 'argocd.argoproj.io/tracking-id': 'web:apps/Deployment:shop/other' };
    expect(judge({ labels: {}, annotations: copied })).toEqual({ verdict: 'adopt' });
  });

  it('[case 89] leaves what another tool has until its fields are taken over', () => {
    const helm = { labels: {}, annotations: { 'meta.helm.sh/release-name': 'web' } };
    expect(judge(helm)).toMatchObject({ reason: 'OwnedByAnother', message: expect.stringContaining('Helm') });
    expect(judge(helm, 'unowned', ['kustomize'])).toMatchObject({ verdict: 'refuse' });
    expect(judge(helm, 'unowned', ['helm'])).toEqual({ verdict: 'adopt' });
    expect(judge(helm, 'never', ['helm'])).toEqual({ verdict: 'adopt' });
  });
});
