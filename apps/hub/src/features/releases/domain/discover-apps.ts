import { canonicalJson, type Json } from '@fairlead/manifests';
import type { Finding, Strategy } from '@fairlead/shared/contracts';
import { directoryOf, findingOn, groupOf, type AppDefinition, type ReadApp } from './app-definition.ts';
import { dependencyFindings } from './dependency-order.ts';

/** An app as the hub knows it from before. */
export interface KnownApp {
  name: string;
  directory: string;
  source: string;
}

export interface Surroundings {
  /** Apps of all sources. */
  apps: readonly KnownApp[];
  /** What other sources define now: the names of apps, with their files. */
  elsewhere: readonly { name: string; source: string; file: string }[];
  /** Groups that other sources have apps in. */
  foreignGroups: readonly { name: string; source: string }[];
  source: string;
}

export interface RefusedApp {
  /** Null when the file does not even say which app it is. */
  name: string | null;
  file: string;
  errors: Finding[];
}

export interface Discovery {
  accepted: AppDefinition[];
  refused: RefusedApp[];
  /** Known apps of this source that no file defines any more; their objects are kept. */
  vanished: string[];
  /** Every name that a file claims, accepted or not. */
  definitions: { name: string; file: string }[];
}

const usableName = /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/;

/**
 * Decides which of the files of a commit count. A refused app keeps its last release; one mistake refuses only the apps
 * it is about: both files of a name defined twice, all of a group whose apps state different strategies, the apps of a cycle.
 */
export function discoverApps(read: readonly ReadApp[], around: Surroundings): Discovery {
  const claims = read.map((each) => ({ each, name: nameOf(each, around) }));
  const definitions = claims.flatMap(({ each, name }) => (name === null ? [] : [{ name, file: each.file }]));
  const refusals = new Refusals();
  for (const { each, name } of claims) {
    for (const error of each.ok ? [] : each.errors) refusals.add(each.file, name, error);
    for (const error of name === null ? [] : doubleDefinitions(name, definitions, around)) {
      refusals.add(each.file, name, error);
    }
  }
  const standing = () => read.flatMap((each) => (each.ok && !refusals.has(each.file) ? [each.app] : []));
  for (const check of [foreignGroupFindings, strategyFindings, dependencyFindings]) {
    for (const { file, app, finding } of check(standing(), around)) refusals.add(file, app, finding);
  }
  const defined = new Set(definitions.map(({ name }) => name));
  return {
    accepted: standing(),
    refused: refusals.list(),
    vanished: around.apps
      .filter((app) => app.source === around.source && !defined.has(app.name))
      .map((app) => app.name),
    definitions,
  };
}

/** Something wrong with one app of several that each stand on their own. */
export interface AppFinding {
  app: string;
  file: string;
  finding: Finding;
}

class Refusals {
  readonly #byFile = new Map<string, RefusedApp>();

  add(file: string, name: string | null, error: Finding): void {
    const refused = this.#byFile.get(file) ?? { name, file, errors: [] };
    refused.errors.push(error);
    this.#byFile.set(file, refused);
  }

  has(file: string): boolean {
    return this.#byFile.has(file);
  }

  list(): RefusedApp[] {
    return [...this.#byFile.values()];
  }
}

/** A file that cannot be read still is the app that stood in its directory. */
function nameOf(read: ReadApp, around: Surroundings): string | null {
  const name = read.ok ? read.app.name : read.name;
  if (name !== null && usableName.test(name)) return name;
  const directory = directoryOf(read.file);
  const before = around.apps.find((app) => app.source === around.source && app.directory === directory);
  return before?.name ?? null;
}

function doubleDefinitions(name: string, definitions: Discovery['definitions'], around: Surroundings): Finding[] {
  const here = definitions.filter((each) => each.name === name).map(({ file }) => file);
  const there = around.elsewhere.filter((each) => each.name === name);
  if (here.length + there.length < 2) return [];
  const places = [...here, ...there.map(({ source, file }) => `${file} (source ${source})`)];
  return [findingOn(here[0] ?? '', `the app "${name}" is defined more than once: ${places.join(', ')}`)];
}

function foreignGroupFindings(apps: readonly AppDefinition[], around: Surroundings): AppFinding[] {
  return apps.flatMap((app) => {
    const foreign = around.foreignGroups.find((group) => group.name === groupOf(app));
    if (foreign === undefined) return [];
    const message = `the group "${foreign.name}" belongs to the source "${foreign.source}"; a group has one source`;
    return [{ app: app.name, file: app.file, finding: findingOn(app.file, message) }];
  });
}

/** A group has one strategy. Apps may leave it out, which reads as the default; those that state one must agree. */
function strategyFindings(apps: readonly AppDefinition[]): AppFinding[] {
  return groupsOf(apps).flatMap(({ name, members }) => {
    const stated = members.filter((app) => !isDefault(app.strategy));
    const [first] = stated;
    const other = stated.find((app) => first !== undefined && !sameStrategy(app.strategy, first.strategy));
    if (first === undefined || other === undefined) return [];
    const places = `"${first.name}" (${first.file}) and "${other.name}" (${other.file})`;
    const message = `the apps ${places} of the group "${name}" state different rollouts; a group has one`;
    const hint = 'state it in one app and give the others only the group';
    return stated.map((app) => ({ app: app.name, file: app.file, finding: findingOn(app.file, message, hint) }));
  });
}

/** Apps by group, both by name. */
function groupsOf(apps: readonly AppDefinition[]): { name: string; members: AppDefinition[] }[] {
  const groups = new Map<string, AppDefinition[]>();
  for (const app of [...apps].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    groups.set(groupOf(app), [...(groups.get(groupOf(app)) ?? []), app]);
  }
  return [...groups].map(([name, members]) => ({ name, members })).sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The strategy of a group: what one of its apps states, else the default. */
export function strategyOfGroup(members: readonly AppDefinition[]): Strategy {
  const stated = members.find((app) => !isDefault(app.strategy)) ?? members[0];
  return stated?.strategy ?? defaultStrategy;
}

export const defaultStrategy: Strategy = {
  trigger: 'auto',
  onNewRelease: 'supersede',
  waves: [{ name: 'all', clusters: 'all', soakMs: 0 }],
  maxInFlight: '100%',
  failureBudget: { perWave: 0, total: 0 },
  progressDeadlineMs: 600_000,
  degradedGraceMs: 60_000,
  offline: { policy: 'catchUp', waitMs: 300_000 },
  onFailure: 'rollback',
  hold: 'untilFixed',
};

function isDefault(strategy: Strategy): boolean {
  return sameStrategy(strategy, defaultStrategy);
}

/** Whether two strategies mean the same. */
export function sameStrategy(left: Strategy, right: Strategy): boolean {
  return canonicalJson(left as Json) === canonicalJson(right as Json);
}
