import fc from 'fast-check';
import type { JsonObject } from '@fairlead/manifests';
import type { MoreFields } from './arbitrary-more.ts';
import { moreFields } from './arbitrary-more.ts';
import { anyImage, anyName, kubeObject } from './arbitrary-objects.ts';
import { fitMore, fitOperators, kindAndName, withFreshNames } from './fit-operators.ts';
import { jsonPatch, mergePatch, target } from './arbitrary-patches.ts';

/** The files of a random base and overlays, by path. */
export type FileTree = Readonly<Record<string, string>>;

const optional = <T>(arbitrary: fc.Arbitrary<T>, freq = 2): fc.Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined, freq });
const pairs = fc.constantFrom<Record<string, string>>({ team: 'a' }, { team: 'b', app: 'z' }, { added: 'x' });

const options = fc.record(
  { labels: pairs, annotations: pairs, disableNameSuffixHash: fc.boolean(), immutable: fc.boolean() },
  { requiredKeys: [] },
);
const generator = fc.record(
  {
    name: anyName,
    behavior: fc.constantFrom('create', 'create', 'merge', 'replace'),
    literals: fc.constantFrom(['a=1'], ['a="q"', 'b=<&>'], ['k=v', 'long=' + 'x'.repeat(120)]),
    files: fc.constantFrom(['file.txt'], ['renamed=file.txt']),
    envs: fc.constant(['vars.env']),
    options,
  },
  { requiredKeys: ['name'] },
);
const patch = fc.oneof(
  mergePatch.map((value) => ({ patch: JSON.stringify(value) })),
  fc.record({ patch: mergePatch.map((value) => JSON.stringify(value)), target }),
  fc.record({ patch: jsonPatch.map((value) => JSON.stringify(value)), target }),
  fc.record({
    patch: mergePatch.map((value) => JSON.stringify(value)),
    target,
    options: fc.record({ allowNameChange: fc.boolean(), allowKindChange: fc.boolean() }, { requiredKeys: [] }),
  }),
);

/** Everything a kustomization may say, but for what it is made of. */
const operators = fc.record(
  {
    namespace: fc.constantFrom('shop', 'default', 'other'),
    namePrefix: fc.constantFrom('p-', 'q-'),
    nameSuffix: fc.constantFrom('-s', '-t'),
    commonLabels: pairs,
    commonAnnotations: pairs,
    labels: fc.array(
      fc.record(
        {
          pairs,
          includeSelectors: fc.boolean(),
          includeTemplates: fc.boolean(),
          includeVolumeClaimTemplates: fc.boolean(),
        },
        { requiredKeys: ['pairs'] },
      ),
      { maxLength: 2 },
    ),
    images: fc.array(
      fc.record(
        {
          name: anyImage,
          newName: fc.constantFrom('other/image', 'nginx'),
          newTag: fc.constantFrom('2.0', 'v3'),
          digest: fc.constant('sha256:def'),
          tagSuffix: fc.constant('-x'),
        },
        { requiredKeys: ['name'] },
      ),
      { maxLength: 2 },
    ),
    replicas: fc.array(fc.record({ name: anyName, count: fc.nat(9) }), { maxLength: 1 }),
    patches: fc.array(patch, { maxLength: 2 }),
    configMapGenerator: fc.array(generator, { maxLength: 2 }),
    secretGenerator: fc.array(generator, { maxLength: 1 }),
    generatorOptions: options,
  },
  { requiredKeys: [] },
);

const objects = fc.uniqueArray(kubeObject, {
  minLength: 1,
  maxLength: 6,
  selector: (object) => `${String(object['kind'])}/${JSON.stringify(object['metadata'])}`,
});

/** A base, perhaps a layer between, a second base, a component, and `top` over all of them. */
export const fileTree: fc.Arbitrary<FileTree> = fc
  .record({
    base: fc.tuple(objects, operators),
    second: optional(fc.tuple(objects, operators), 3),
    middle: optional(operators),
    component: optional(operators),
    top: operators,
    moreBase: optional(moreFields, 2),
    moreTop: optional(moreFields, 2),
    isFitted: fc.integer({ min: 0, max: 9 }).map((dice) => dice > 0),
  })
  .map((parts) => {
    const files: Record<string, string> = {};
    const everything = [...parts.base[0], ...(parts.second?.[0] ?? [])];
    const taken = new Set(everything.map(kindAndName));
    const fit = (operator: object, objects: readonly JsonObject[]): JsonObject =>
      parts.isFitted ? withFreshNames(fitOperators(plain(operator), objects), taken) : plain(operator);
    const add = (directory: string, kustomization: JsonObject, more?: MoreFields): void => {
      files[`${directory}/kustomization.yaml`] = JSON.stringify({ ...kustomization, ...more?.fields });
      for (const [name, content] of Object.entries(more?.files ?? {})) files[`${directory}/${name}`] = content;
      files[`${directory}/file.txt`] = `text of ${directory}\n`;
      files[`${directory}/vars.env`] = '# comment\nENV_A=1\n  ENV_B = two \nENV_C\n';
    };
    const addBase = (directory: string, [own, operator]: readonly [JsonObject[], object], more?: MoreFields): void => {
      files[`${directory}/objects.yaml`] = own.map((object) => JSON.stringify(object)).join('\n---\n');
      add(directory, { resources: ['objects.yaml'], ...fit(operator, own) }, more);
    };
    const fitted = (more: MoreFields | undefined, objects: readonly JsonObject[]): MoreFields | undefined =>
      more === undefined || !parts.isFitted ? more : { ...more, fields: fitMore(more.fields, objects) };
    addBase('base', parts.base, fitted(parts.moreBase, parts.base[0]));
    if (parts.second !== undefined) addBase('second', parts.second);
    if (parts.middle !== undefined) add('middle', { resources: ['../base'], ...fit(parts.middle, parts.base[0]) });
    if (parts.component !== undefined) {
      const head = { apiVersion: 'kustomize.config.k8s.io/v1alpha1', kind: 'Component' };
      add('component', { ...head, ...fit(parts.component, everything) });
    }
    const resources = [
      parts.middle === undefined ? '../base' : '../middle',
      ...(parts.second === undefined ? [] : ['../second']),
    ];
    const components = parts.component === undefined ? {} : { components: ['../component'] };
    add('top', { resources, ...components, ...fit(parts.top, everything) }, fitted(parts.moreTop, everything));
    return files;
  });

function plain(value: object): JsonObject {
  return JSON.parse(JSON.stringify(value)) as JsonObject;
}
