import type { ReleaseDiff, ReleaseTargetDiff } from '@fairlead/shared/contracts';
import type { ReleaseId } from '@fairlead/shared/kernel';
import { diffObjects, jsonEquals, type DiffItem, type Json, type KubeObject } from '@fairlead/manifests';
import type { ReleaseQuery, TargetSnapshot } from './release.query.ts';
import type { ShowReleases } from './show-releases.ts';

const maxItems = 200;
const maxFields = 100;

type ObjectChange = ReleaseTargetDiff['objects'][number];

/** What a release changes compared with another one, by default the one before it. */
export class DiffReleases {
  readonly #query: ReleaseQuery;
  readonly #show: ShowReleases;

  constructor(options: { query: ReleaseQuery; show: ShowReleases }) {
    this.#query = options.query;
    this.#show = options.show;
  }

  async diff(id: number, against?: number): Promise<ReleaseDiff> {
    const release = await this.#show.getRelease(id);
    const base =
      against === undefined
        ? await this.#query.findPrevious(release.id as ReleaseId)
        : await this.#show.getRelease(against);
    const after = await this.#query.listAllTargets(release.id as ReleaseId);
    const before = base === null ? [] : await this.#query.listAllTargets(base.id as ReleaseId);
    const pairs = pairTargets(before, after);
    const differing = pairs.filter(({ from, to }) => from !== to);
    const items: ReleaseTargetDiff[] = [];
    // Most clusters change from the same snapshot to the same snapshot: compare each such pair once.
    const compared = new Map<string, ObjectChange[]>();
    for (const pair of differing.slice(0, maxItems)) {
      const key = `${pair.from} ${pair.to}`;
      const objects = compared.get(key) ?? (await this.#compare(pair.from, pair.to));
      compared.set(key, objects);
      items.push({ ...pair, objects });
    }
    return {
      release: id,
      against: base?.id ?? null,
      items,
      more: differing.length - items.length,
      unchanged: pairs.length - differing.length,
    };
  }

  async #compare(from: string | null, to: string | null): Promise<ObjectChange[]> {
    const [before, after] = await Promise.all([this.#read(from), this.#read(to)]);
    const ids = new Set([...after.keys(), ...before.keys()]);
    return [...ids].flatMap((id) => {
      const change = changeOf(before.get(id), after.get(id));
      return change === null ? [] : [{ id, ...change }];
    });
  }

  async #read(digest: string | null): Promise<Map<string, KubeObject>> {
    if (digest === null) return new Map();
    return new Map((await this.#show.readMasked(digest)).map(({ id, object }) => [id, object]));
  }
}

function changeOf(before: KubeObject | undefined, after: KubeObject | undefined): Omit<ObjectChange, 'id'> | null {
  if (before === undefined) return { change: 'added', fields: [] };
  if (after === undefined) return { change: 'removed', fields: [] };
  if (jsonEquals(before, after)) return null;
  return { change: 'changed', fields: diffObjects(after, before).slice(0, maxFields).map(toField) };
}

function toField(item: DiffItem): ObjectChange['fields'][number] {
  return {
    path: item.path,
    ...(item.live === undefined ? {} : { from: plain(item.live) }),
    ...(item.desired === undefined ? {} : { to: plain(item.desired) }),
  };
}

type PlainJson = NonNullable<ObjectChange['fields'][number]['from']> | null;

function plain(value: Json): PlainJson {
  const text = JSON.stringify(value, (_key, each: unknown) => (typeof each === 'bigint' ? Number(each) : each));
  return JSON.parse(text) as PlainJson;
}

function pairTargets(before: readonly TargetSnapshot[], after: readonly TargetSnapshot[]) {
  const pairs = new Map<string, { app: string; cluster: string; from: string | null; to: string | null }>();
  for (const { app, cluster, digest } of before)
    pairs.set(`${app} ${cluster}`, { app, cluster, from: digest, to: null });
  for (const { app, cluster, digest } of after) {
    const from = pairs.get(`${app} ${cluster}`)?.from ?? null;
    pairs.set(`${app} ${cluster}`, { app, cluster, from, to: digest });
  }
  return [...pairs.values()].sort((a, b) => (`${a.app} ${a.cluster}` < `${b.app} ${b.cluster}` ? -1 : 1));
}
