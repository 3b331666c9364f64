import type { ObjectId } from '@fairlead/manifests';
import { appLabel, markedOwner } from '../../domain/marks.ts';
import { allKinds } from '../../kube/all-kinds.ts';
import type { KubeClient } from '../../kube/kube-client.ts';
import { KubeError } from '../../kube/kube-error.ts';
import { apiVersionOf } from '../../kube/resource.ts';
import type { Logger } from '../../logger.ts';
import { eachLimited } from '../each-limited.ts';

export interface MarkedObject {
  readonly id: ObjectId;
  readonly apiVersion: string;
}

const listsAtOnce = 8;

/**
 * Objects in the cluster that carry our marks although their app has no inventory: what a lost list is rebuilt from. All
 * kinds are listed once in the life of the process, when the first app without an inventory asks.
 */
export class MarkedObjects {
  readonly #kube: KubeClient;
  readonly #agentNamespace: string;
  readonly #log: Logger;
  readonly #isListed: (app: string) => boolean;
  #found: Promise<Map<string, MarkedObject[]>> | null = null;

  constructor(options: {
    kube: KubeClient;
    agentNamespace: string;
    log: Logger;
    /** Whether the inventory of an app is known, so that its objects need not be remembered here. */
    isListed: (app: string) => boolean;
  }) {
    this.#kube = options.kube;
    this.#agentNamespace = options.agentNamespace;
    this.#log = options.log;
    this.#isListed = options.isListed;
  }

  /** The objects of an app, for one rebuild: what is taken here is known from then on. */
  async take(app: string): Promise<MarkedObject[]> {
    this.#found ??= this.#scan().catch((error: unknown) => {
      this.#found = null;
      throw error;
    });
    const found = await this.#found;
    const objects = found.get(app) ?? [];
    found.delete(app);
    return objects;
  }

  async #scan(): Promise<Map<string, MarkedObject[]>> {
    const found = new Map<string, MarkedObject[]>();
    const { kinds, unreachable } = await allKinds(this.#kube.transport);
    if (unreachable.length > 0) {
      this.#log.warn('kinds that are not served now may hold objects of apps without an inventory', {
        groups: unreachable.join(', '),
      });
    }
    await eachLimited(kinds, listsAtOnce, async (resource) => {
      try {
        await this.#kube.listMeta(resource, { selector: appLabel }, (meta) => {
          const id = { group: resource.group, kind: resource.kind, namespace: meta.namespace, name: meta.name };
          const owner = markedOwner(id, meta, this.#agentNamespace);
          if (owner === null || !owner.isOurs || this.#isListed(owner.app)) return;
          const objects = found.get(owner.app) ?? [];
          objects.push({ id, apiVersion: apiVersionOf(resource) });
          found.set(owner.app, objects);
        });
      } catch (error) {
        // What cannot be listed was not made by this agent either, or its server is away.
        if (!(error instanceof KubeError) || error.concernsServer) throw error;
        this.#log.warn('a kind cannot be searched for objects of apps', {
          kind: resource.kind,
          group: resource.group,
          failure: error.failure,
        });
      }
    });
    return found;
  }
}
