import type {
  KeptCommand,
  OutboxPlace,
  KeptOutbox,
  KeptOutboxListener,
  OutboxStore,
} from '../../../widget/session/outbox-store.js';

/** A page's part of an outbox. */
interface Page {
  readonly commands: Map<string, KeptCommand>;
  isGone: boolean;
}

/**
 * One browser's memory, which outlives its pages, for one place. What a page leaves, another one
 * takes over.
 */
export class KeptOutboxes implements OutboxStore {
  #pages: Page[] = [];

  readonly open = (_place: OutboxPlace, listener: KeptOutboxListener): Promise<KeptOutbox> => {
    const left = this.#takeLeft();
    const page: Page = { commands: new Map(left.map(command => [command.id, command])), isGone: false };
    this.#pages.push(page);
    return Promise.resolve({
      loaded: left,
      lasting: true,
      put: ({ id, body, createdAt, refusal }) => {
        // What a page says after its end is not heard.
        if (!page.isGone) page.commands.set(id, structuredClone({ id, body, createdAt, ...(refusal && { refusal }) }));
      },
      delete: id => !page.isGone && page.commands.delete(id),
      refresh: () => {
        const more = this.#takeLeft();
        for (const command of more) page.commands.set(command.id, command);
        if (more.length > 0) listener.inherited(more);
      },
      close: () => (page.isGone = true),
    });
  };

  #takeLeft(): readonly KeptCommand[] {
    const gone = this.#pages.filter(({ isGone }) => isGone);
    this.#pages = this.#pages.filter(page => !gone.includes(page));
    return gone.flatMap(({ commands }) => [...commands.values()]);
  }
}
