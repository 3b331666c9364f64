import type { Json, JsonObject } from '@fairlead/manifests';

interface Group {
  readonly key: string;
  readonly maps: Set<JsonObject>;
}

/**
 * Labels and annotations that one transformer added in several places of an object. Kustomize keeps them
 * as one value: whoever changes it later in one place changes it in all. Overlays rely on what comes out of
 * that, so it is kept.
 */
export class SharedEntries {
  #groups: Group[] = [];

  /** Sets an entry in several maps; those that did not have it share it from now on. */
  setInAll(maps: readonly JsonObject[], key: string, value: Json): void {
    const fresh = maps.filter((map) => !Object.hasOwn(map, key));
    for (const map of maps) if (Object.hasOwn(map, key)) this.write(map, key, value);
    for (const map of fresh) {
      this.#leave(map, key);
      map[key] = value;
    }
    if (fresh.length > 1) this.#groups.push({ key, maps: new Set(fresh) });
  }

  /** Sets an entry of a map, and wherever else it is shared. */
  write(map: JsonObject, key: string, value: Json): void {
    if (!Object.hasOwn(map, key)) this.#leave(map, key);
    for (const group of this.#groups) {
      if (group.key !== key || !group.maps.has(map)) continue;
      for (const other of group.maps) if (Object.hasOwn(other, key)) other[key] = value;
    }
    map[key] = value;
  }

  /** Forgets everything; for when the object was written anew. */
  clear(): void {
    this.#groups = [];
  }

  #leave(map: JsonObject, key: string): void {
    for (const group of this.#groups) if (group.key === key) group.maps.delete(map);
  }
}
