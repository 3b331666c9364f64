import type { ObjectMeta } from '../../kube/object-meta.ts';
import type { Resource } from '../../kube/resource.ts';

export type ObjectName = Pick<ObjectMeta, 'namespace' | 'name'>;

/** What the watches of all kinds tell. */
export interface WatchListener {
  changed(resource: Resource, meta: ObjectMeta): void;
  deleted(resource: Resource, name: ObjectName): void;
  /** A list was read; objects of this kind that are not in it are gone. */
  listed(resource: Resource, present: ReadonlySet<string>): void;
  /** Changes were missed, for how long is not known: the list shows where things stand, not what happened. */
  missed(resource: Resource): void;
  /** A kind that was not served is served now. */
  returned(resource: Resource): void;
  /** Watching this kind was forbidden, or is allowed again. */
  accessChanged(resource: Resource): void;
  /** Objects of this kind that some app has. */
  known(resource: Resource): ObjectName[];
}
