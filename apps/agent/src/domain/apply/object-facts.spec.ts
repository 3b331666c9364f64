import type { JsonObject } from '@fairlead/manifests';
import { objectFacts } from './object-facts.ts';

const object = (metadata: JsonObject, rest: JsonObject = {}): JsonObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'x', ...metadata },
  ...rest,
});
const annotated = (annotations: JsonObject) => objectFacts(object({ annotations }));

describe('the facts of an object', () => {
  it('are none for an ordinary object', () => {
    expect(objectFacts(object({ labels: { app: 'x' }, annotations: { note: '1' } }))).toBeNull();
  });

  it.each([
    ['[case 169] a generated name', object({ name: '', generateName: 'x-' }), /generateName/],
    ['[case 170] no name', object({ name: '' }), /metadata\.name is missing/],
    ['[case 170] no kind', { ...object({}), kind: '' }, /kind is missing/],
    ['[case 83] our membership label', object({ labels: { 'fairlead.dev/app': 'shop' } }), /fairlead\.dev\/app/],
    [
      '[case 83] the part-of label of ApplySets',
      object({ labels: { 'applyset.kubernetes.io/part-of': 'applyset-x-v1' } }),
      /applyset\.kubernetes\.io\/part-of/,
    ],
    ['a list', { apiVersion: 'v1', kind: 'List', metadata: { name: 'x' }, items: [] }, /a List is no object/],
    ['a label that is no text', object({ labels: { on: true } }), /labels\["on"\] has to be a text/],
    ['a wave that is no number', object({ annotations: { 'fairlead.dev/wave': 'first' } }), /whole number/],
    ['an unknown hook', object({ annotations: { 'fairlead.dev/hook': 'during' } }), /before, after, on-failure/],
    ['a hook that is not supported', object({ annotations: { 'argocd.argoproj.io/hook': 'PostDelete' } }), /PreSync/],
    [
      '[case 43] a dependency named twice',
      object({ annotations: { 'fairlead.dev/depends-on': '/ConfigMap/a/b, /ConfigMap/a/b' } }),
      /\/ConfigMap\/a\/b twice/,
    ],
    ['a dependency in another form', object({ annotations: { 'fairlead.dev/depends-on': 'a/b' } }), /names "a\/b"/],
  ])('say why it is not valid: %s', (_what, manifest, cause) => {
    expect(objectFacts(manifest)?.causes).toEqual([expect.stringMatching(cause)]);
  });

  it('[case 170] name every cause of one object', () => {
    expect(objectFacts({ metadata: { labels: { 'fairlead.dev/app': 'x' } } })?.causes).toHaveLength(4);
  });

  it('accept a kind that only ends in List', () => {
    expect(objectFacts({ apiVersion: 'example.dev/v1', kind: 'AllowList', metadata: { name: 'x' } })).toBeNull();
  });

  it('hold waves and dependencies, in our words or those of other tools', () => {
    expect(annotated({ 'argocd.argoproj.io/sync-wave': '-3' })).toEqual({ wave: -3 });
    expect(annotated({ 'fairlead.dev/wave': '2', 'argocd.argoproj.io/sync-wave': '5' })).toEqual({ wave: 2 });
    expect(
      annotated({
        'fairlead.dev/depends-on': 'apps/Deployment/shop/db, /Namespace//shop',
        'config.kubernetes.io/depends-on': 'batch/namespaces/shop/Job/seed,example.dev/Realm/main,/namespaces/a/Pod/b',
      }),
    ).toEqual({
      dependsOn: [
        'apps/Deployment/shop/db',
        '/Namespace//shop',
        'batch/Job/shop/seed',
        'example.dev/Realm//main',
        '/Pod/a/b',
      ],
    });
  });

  it('hold hooks, in our words or those of Argo CD', () => {
    expect(annotated({ 'fairlead.dev/hook': 'before' })?.hook).toEqual({
      phase: 'before',
      deletion: ['before-creation'],
    });
    expect(
      annotated({
        'argocd.argoproj.io/hook': 'PostSync',
        'argocd.argoproj.io/hook-delete-policy': 'HookSucceeded,HookFailed',
      })?.hook,
    ).toEqual({ phase: 'after', deletion: ['succeeded', 'failed'] });
    expect(annotated({ 'argocd.argoproj.io/hook': 'Sync' })).toBeNull();
  });
});
