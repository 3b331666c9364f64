import type { CreateSource, PageQuery, Source } from '@fairlead/shared/contracts';
import { invalidCursor, sourceExists, sourceNotFound } from '../domain/source.errors.ts';
import type { SecretBox } from './secret-box.ts';
import type { SourceStore } from './source.store.ts';

const defaultPageSize = 100;

export class ManageSources {
  readonly #store: SourceStore;
  readonly #secrets: SecretBox;
  readonly #checkUrl: (url: string) => string;

  constructor(options: { store: SourceStore; secrets: SecretBox; checkUrl: (url: string) => string }) {
    this.#store = options.store;
    this.#secrets = options.secrets;
    this.#checkUrl = options.checkUrl;
  }

  /** Adds a source; its first fetch starts at once. */
  async add(request: CreateSource, actor: string): Promise<Source> {
    const { webhookSecret, ...rest } = request;
    const source = {
      ...rest,
      url: this.#checkUrl(request.url),
      webhookSecretSealed:
        webhookSecret === undefined ? null : this.#secrets.seal(webhookSecret, webhookPurpose(request.name)),
    };
    const added = await this.#store.add(source, actor);
    if (added === null) throw sourceExists(request.name);
    return added;
  }

  async list(query: PageQuery): Promise<{ items: Source[]; next: string | null }> {
    const { limit = defaultPageSize, cursor } = query;
    if (cursor !== undefined && !/^[a-z0-9-]{1,63}$/.test(cursor)) throw invalidCursor();
    const found = await this.#store.list({ afterName: cursor ?? null, limit: limit + 1 });
    const items = found.slice(0, limit);
    return { items, next: found.length > limit ? (items.at(-1)?.name ?? null) : null };
  }

  async get(name: string): Promise<Source> {
    const source = await this.#store.find(name);
    if (source === null) throw sourceNotFound(name);
    return source;
  }

  /** Fetches soon, whatever the poll interval says. */
  async sync(name: string, actor: string): Promise<Source> {
    if (!(await this.#store.requestFetch(name, actor))) throw sourceNotFound(name);
    return this.get(name);
  }
}

/** What a webhook secret is sealed for. */
export function webhookPurpose(sourceName: string): string {
  return `webhook/${sourceName}`;
}
