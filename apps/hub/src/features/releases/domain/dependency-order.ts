import { findingOn, type AppDefinition } from './app-definition.ts';
import type { AppFinding, Surroundings } from './discover-apps.ts';

/** Dependencies on apps that nobody defines, and cycles. */
export function dependencyFindings(apps: readonly AppDefinition[], around: Surroundings): AppFinding[] {
  const known = new Set([...apps, ...around.apps, ...around.elsewhere].map(({ name }) => name));
  const unknown = apps.flatMap((app) =>
    app.dependsOn
      .filter((dependency) => !known.has(dependency.app))
      .map((dependency) => ({
        app: app.name,
        file: app.file,
        finding: findingOn(app.file, `"${app.name}" depends on "${dependency.app}", which is not defined anywhere`),
      })),
  );
  const cyclic = apps.flatMap((app) => {
    const cycle = findCycle(app, new Map(apps.map((each) => [each.name, each])));
    if (cycle === null) return [];
    const message = `the apps depend on each other in a circle: ${cycle.join(' -> ')}`;
    return [{ app: app.name, file: app.file, finding: findingOn(app.file, message) }];
  });
  return [...unknown, ...cyclic];
}

/** The names along a cycle through `start`, or null. */
function findCycle(start: AppDefinition, apps: ReadonlyMap<string, AppDefinition>): string[] | null {
  const visited = new Set<string>();
  const walk = (name: string, path: readonly string[]): string[] | null => {
    for (const { app } of apps.get(name)?.dependsOn ?? []) {
      if (app === start.name) return [...path, app];
      if (visited.has(app)) continue;
      visited.add(app);
      const found = walk(app, [...path, app]);
      if (found !== null) return found;
    }
    return null;
  };
  return walk(start.name, [start.name]);
}

export interface OrderedApp {
  app: string;
  dependsOn: { app: string; condition: 'applied' | 'healthy' }[];
}

/** Apps with those they depend on first, ties by name. Dependencies outside the list do not order anything. */
export function orderByDependency(apps: readonly OrderedApp[]): OrderedApp[] {
  const byName = new Map(apps.map((each) => [each.app, each]));
  const ordered = new Map<string, OrderedApp>();
  const place = (each: OrderedApp, above: ReadonlySet<string>): void => {
    if (ordered.has(each.app)) return;
    const path = new Set([...above, each.app]);
    for (const name of each.dependsOn.map(({ app }) => app).sort()) {
      const dependency = byName.get(name);
      if (dependency !== undefined && !path.has(name)) place(dependency, path);
    }
    ordered.set(each.app, each);
  };
  for (const name of [...byName.keys()].sort()) {
    const each = byName.get(name);
    if (each !== undefined) place(each, new Set());
  }
  return [...ordered.values()];
}
