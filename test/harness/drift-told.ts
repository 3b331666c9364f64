import type { DriftItemReport, DriftMessage } from '@fairlead/shared/contracts';
import { eventually } from '@fairlead/shared/test-kit';
import type { FakeHub } from './fake-hub.ts';

const settle = { timeoutMs: 15_000 };

/** What the agent has told of the drift of one app since this was made. */
export class DriftTold {
  readonly #hub: FakeHub;
  readonly #app: string;
  readonly #from: number;

  constructor(hub: FakeHub, app: string) {
    this.#hub = hub;
    this.#app = app;
    this.#from = hub.drift(app).length;
  }

  /** Everything that was opened, in order; without what Git says nothing about. */
  get opened(): DriftItemReport[] {
    return this.#messages()
      .flatMap(({ opened }) => opened)
      .filter(({ change }) => change !== 'unmanaged');
  }

  get unmanaged(): DriftItemReport[] {
    return this.#messages()
      .flatMap(({ opened }) => opened)
      .filter(({ change }) => change === 'unmanaged');
  }

  get closed(): DriftMessage['closed'] {
    return this.#messages().flatMap(({ closed }) => closed);
  }

  paths(): string[] {
    return [...new Set(this.opened.map(({ path }) => path))].sort();
  }

  /** The first item of an object (`Kind/name`) at this path. */
  item(path: string, object = ''): Promise<DriftItemReport> {
    return this.#find(() => this.opened, path, object);
  }

  unmanagedItem(path: string): Promise<DriftItemReport> {
    return this.#find(() => this.unmanaged, path, '');
  }

  /** Waits until an item at this path is closed. */
  async end(path: string, outcome: DriftMessage['closed'][number]['outcome']): Promise<void> {
    await eventually(() => {
      if (!this.closed.some((item) => item.path === path && item.outcome === outcome))
        throw new Error(`${path} is not ${outcome}: ${JSON.stringify(this.closed)}`);
    }, settle);
  }

  #find(items: () => DriftItemReport[], path: string, object: string): Promise<DriftItemReport> {
    return eventually(() => {
      const found = items().find((item) => item.path === path && nameOf(item.object).endsWith(object));
      if (found === undefined) throw new Error(`nothing told of ${path}: ${JSON.stringify(this.#messages())}`);
      return found;
    }, settle);
  }

  #messages(): DriftMessage[] {
    return this.#hub.drift(this.#app).slice(this.#from);
  }
}

function nameOf(key: string): string {
  const [, kind, , name] = key.split('/');
  return `${kind}/${name}`;
}
