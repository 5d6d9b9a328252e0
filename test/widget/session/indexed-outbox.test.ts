/** The browser's own IndexedDB and Web Locks. A page is a frame: taken away, it is closed. */
import { expect } from '@open-wc/testing';
import { type IDBPDatabase, openDB } from 'idb';

import { newCommandId } from '../../../protocol/names.js';
import { indexedOutbox } from '../../../widget/session/indexed-outbox.js';
import type { KeptCommand, OutboxPlace, KeptOutbox, OutboxStore } from '../../../widget/session/outbox-store.js';
import { openFramePage } from '../../support/browser/frame-page.js';
import { stroke } from '../../support/strokes.js';
import { waitUntil } from '../../support/browser/wait-until.js';

declare global {
  interface Window {
    /** Of a frame of this test. */
    outbox?: OutboxStore;
  }
}

const DATABASE = 'chalk-talk';

let room = 0;
/** A place that no other test uses. */
function newPlace(person = 'ann'): OutboxPlace {
  room += 1;
  return { server: 'https://chalk.example.com', site: 'acme', room: `room-${room}`, person };
}

const message = (text: string): KeptCommand => ({
  id: newCommandId(),
  body: { type: 'message.post', text },
  createdAt: Date.now(),
});
const drawing = (): KeptCommand => ({
  id: newCommandId(),
  body: { type: 'shape.draw', shape: stroke() },
  createdAt: Date.now(),
});

/** What lies in the browser, of all places. */
function stored(): Promise<readonly KeptCommand[]> {
  return reading<readonly KeptCommand[]>([], async database => (await database.getAll('commands')) as KeptCommand[]);
}

async function reading<Answer>(without: Answer, read: (database: IDBPDatabase) => Promise<Answer>): Promise<Answer> {
  // To open one that is not there would make an empty one.
  if (!(await indexedDB.databases()).some(({ name }) => name === DATABASE)) return without;
  const database = await openDB(DATABASE);
  try {
    return await read(database);
  } finally {
    database.close();
  }
}

function forgetAll(): Promise<void> {
  return new Promise(resolve => {
    indexedDB.deleteDatabase(DATABASE).onsuccess = () => resolve();
  });
}

async function holds(count: number): Promise<void> {
  const here = () => reading(0, database => database.count('commands'));
  await waitUntil(async () => (await here()) === count, `not ${count} commands are kept`, { timeout: 12_000 });
}

/** A page of its own. */
async function openPage(): Promise<{ readonly outbox: OutboxStore; readonly close: () => void }> {
  const module = new URL('../../../widget/session/indexed-outbox.ts', import.meta.url).href;
  const script = `import { indexedOutbox } from '${module}'; window.outbox = indexedOutbox();`;
  const { frame, ready: outbox } = await openFramePage(script, ({ outbox }) => outbox);
  return { outbox, close: () => frame.remove() };
}

const here = indexedOutbox();
const open = new Set<KeptOutbox>();

/** What a kept says to whoever uses it. */
interface Told {
  readonly found: KeptCommand[];
  changed: number;
}

async function openKept(
  place: OutboxPlace,
  outbox = here,
  told: Told = { found: [], changed: 0 },
): Promise<KeptOutbox> {
  const kept = await outbox.open(place, {
    inherited: left => told.found.push(...left),
    lastingChanged: () => (told.changed += 1),
  });
  open.add(kept);
  return kept;
}

/** Whether the page asks those who leave. */
const asks = (): boolean => !dispatchEvent(new Event('beforeunload', { cancelable: true }));

describe('the outbox that outlives a page', () => {
  const undo: (() => void)[] = [];

  beforeEach(forgetAll);

  afterEach(() => {
    for (const restore of undo.splice(0)) restore();
    for (const kept of open) kept.close();
    open.clear();
    for (const frame of document.querySelectorAll('iframe')) frame.remove();
  });

  /** Puts something else in the place of a part of the browser, until the test ends. */
  function replace<Owner extends object, Name extends keyof Owner>(owner: Owner, name: Name, value: Owner[Name]): void {
    const before = Object.getOwnPropertyDescriptor(owner, name);
    Object.defineProperty(owner, name, { configurable: true, writable: true, value });
    undo.push(() => {
      if (before) Object.defineProperty(owner, name, before);
      else Reflect.deleteProperty(owner, name);
    });
  }

  it('gives the next page what the last one left, in its order', async () => {
    const place = newPlace();
    const page = await openPage();
    const kept = await page.outbox.open(place, { inherited: () => {}, lastingChanged: () => {} });
    const given = [message('one'), drawing(), drawing(), message('two')];
    const done = drawing();
    for (const command of [...given.slice(0, 2), done, ...given.slice(2)]) kept.put(command);
    kept.delete(done.id);
    await holds(4);
    page.close();
    expect((await openKept(place)).loaded).to.deep.equal(given);
  });

  it('keeps a message that was refused in its place, with the reason', async () => {
    const place = newPlace();
    const page = await openPage();
    const kept = await page.outbox.open(place, { inherited: () => {}, lastingChanged: () => {} });
    const [one, two] = [message('one'), message('two')];
    for (const command of [one, two]) kept.put(command);
    await holds(2);
    const refused = { ...one, refusal: { code: 'role_forbidden', message: 'No.' } } as const;
    kept.put(refused);
    await waitUntil(async () => (await stored()).some(({ refusal }) => refusal), 'it is not kept');
    page.close();
    expect((await openKept(place)).loaded).to.deep.equal([refused, two]);
  });

  it('gives nobody what is another person’s, another room’s, another site’s or another server’s', async () => {
    const place = newPlace();
    const page = await openPage();
    const kept = await page.outbox.open(place, { inherited: () => {}, lastingChanged: () => {} });
    kept.put(message('mine'));
    await holds(1);
    page.close();
    for (const other of [
      { ...place, person: 'ben' },
      { ...place, room: 'other' },
      { ...place, site: 'globex' },
      { ...place, server: 'https://other.example.com' },
    ]) {
      const another = await openKept(other);
      expect(another.loaded).to.deep.equal([]);
      another.put(message('theirs'));
      another.close();
    }
    await holds(5);
    expect((await openKept(place)).loaded.length).to.equal(1);
  });

  it('takes nothing from a page that lives, and all of it when that has gone', async () => {
    const place = newPlace();
    const page = await openPage();
    const theirs = await page.outbox.open(place, { inherited: () => {}, lastingChanged: () => {} });
    const waiting = message('not here yet');
    theirs.put(waiting);
    await holds(1);
    const told: Told = { found: [], changed: 0 };
    const mine = await openKept(place, here, told);
    expect(mine.loaded).to.deep.equal([]);
    mine.refresh();
    mine.put(message('from here'));
    await holds(2);
    expect(told.found).to.deep.equal([]);
    page.close();
    await waitUntil(() => told.found.length > 0, 'it is not found');
    expect(told.found).to.deep.equal([waiting]);
    // It is this page's now: nobody else takes it.
    expect((await openKept(place)).loaded).to.deep.equal([]);
  });

  it('takes what there is where pages can’t tell whether others live', async () => {
    replace(Navigator.prototype, 'locks', undefined as unknown as LockManager);
    const place = newPlace();
    const first = await openKept(place);
    const waiting = message('here');
    first.put(waiting);
    await holds(1);
    const second = await openKept(place);
    expect(second.loaded).to.deep.equal([waiting]);
    second.delete(waiting.id);
    await holds(0);
    first.delete(waiting.id);
    expect((await openKept(place)).loaded).to.deep.equal([]);
  });

  it('does not hold the page fast when nothing waits', async () => {
    const kept = await openKept(newPlace());
    const held = async () =>
      ((await navigator.locks.query()).held ?? []).filter(({ name }) => name?.startsWith('chalk'));
    expect((await held()).length).to.equal(0);
    const waiting = message('a moment');
    kept.put(waiting);
    await waitUntil(async () => (await held()).length === 1, 'it is not said that the page lives');
    kept.delete(waiting.id);
    await waitUntil(async () => (await held()).length === 0, 'it is said for ever');
  });

  it('goes on in memory where there is no more room, says so, and keeps it all when there is', async () => {
    const place = newPlace();
    const told: Told = { found: [], changed: 0 };
    const kept = await openKept(place, here, told);
    const first = message('fits');
    kept.put(first);
    await holds(1);
    expect([kept.lasting, asks()]).to.deep.equal([true, false]);
    // eslint-disable-next-line @typescript-eslint/unbound-method -- called on its own object below
    const { put } = IDBObjectStore.prototype;
    replace(IDBObjectStore.prototype, 'put', function full(this: IDBObjectStore, ...given: [unknown, IDBValidKey?]) {
      if (this.name === 'commands') throw new DOMException('No room.', 'QuotaExceededError');
      return put.apply(this, given);
    });
    kept.put(message('does not'));
    await waitUntil(() => told.changed === 1, 'it does not notice');
    expect([kept.lasting, asks()]).to.deep.equal([false, true]);
    // What is done goes all the same.
    kept.delete(first.id);
    await holds(0);
    undo.splice(0).forEach(restore => restore());
    kept.refresh();
    await holds(1);
    await waitUntil(() => kept.lasting, 'it does not notice');
    expect(asks()).to.be.false;
  });

  it('asks nobody to stay when nothing waits that can’t be kept', async () => {
    replace(IDBObjectStore.prototype, 'put', () => {
      throw new DOMException('No room.', 'QuotaExceededError');
    });
    const kept = await openKept(newPlace());
    const waiting = message('on its way');
    kept.put(waiting);
    await waitUntil(asks, 'it does not ask');
    kept.delete(waiting.id);
    await waitUntil(() => !asks(), 'it still asks');
    kept.put(message('again'));
    await waitUntil(asks, 'it does not ask again');
    kept.close();
    expect(asks()).to.be.false;
  });

  it('goes on in memory where the browser has no databases for the page', async () => {
    replace(IDBFactory.prototype, 'open', () => {
      throw new DOMException('Not here.', 'SecurityError');
    });
    const kept = await openKept(newPlace());
    expect(kept.loaded).to.deep.equal([]);
    kept.put(message('in memory'));
    await waitUntil(() => !kept.lasting && asks(), 'it does not notice');
  });

  it('goes on after its data were deleted underneath', async () => {
    const kept = await openKept(newPlace());
    kept.put(message('deleted'));
    await holds(1);
    await forgetAll();
    kept.put(message('kept'));
    await holds(1);
    expect(kept.lasting).to.be.true;
  });

  it('goes on in memory where a newer version of itself has been', async () => {
    (await openDB(DATABASE, 3)).close();
    const kept = await openKept(newPlace());
    expect([kept.lasting, kept.loaded]).to.deep.equal([false, []]);
    kept.put(message('in memory'));
    expect(asks()).to.be.true;
    kept.close();
    await forgetAll();
  });

  it('takes what the earlier version stored, and leaves alone what it does not know', async () => {
    const { server, site, room, person } = newPlace();
    const place = JSON.stringify([server, site, room, person]);
    const before = await openDB(DATABASE, 1, {
      upgrade(database) {
        database.createObjectStore('commands', { keyPath: 'id' }).createIndex('place', 'place');
        database.createObjectStore('ledger');
      },
    });
    const { id, kind, look, content } = stroke();
    const earlier = { id, kind, ...look, ...content };
    const [drawn, said] = [drawing(), message('of old')];
    const unknown = { ...message(''), body: { type: 'poll.opened', question: 'why?' } };
    const bodies = [{ ...drawn, body: { type: drawn.body.type, stroke: earlier } }, said, unknown];
    for (const [order, command] of bodies.entries()) {
      await before.put('commands', { ...command, place, page: 'gone', order, weight: 100 });
    }
    await before.put('ledger', { next: bodies.length, weight: 300 }, 1);
    before.close();

    const kept = await openKept({ server, site, room, person });
    const shape = { id, kind, look, content };
    expect(kept.loaded.map(({ body }) => body)).to.deep.equal([{ type: drawn.body.type, shape }, said.body]);
    for (const one of kept.loaded) kept.delete(one.id);
    await holds(1);
    expect((await stored())[0]?.body).to.deep.equal(unknown.body);
  });

  it('makes way for a newer version of itself in another page', async () => {
    const kept = await openKept(newPlace());
    kept.put(message('of old'));
    await holds(1);
    const newer = await openDB(DATABASE, 3);
    kept.put(message('in memory'));
    await waitUntil(() => !kept.lasting, 'it does not notice');
    newer.close();
  });

  it('writes thousands of strokes behind the back of whoever draws them', async () => {
    const transactions: unknown[] = [];
    // eslint-disable-next-line @typescript-eslint/unbound-method -- called on its own object below
    const { transaction } = IDBDatabase.prototype;
    replace(
      IDBDatabase.prototype,
      'transaction',
      function counted(this: IDBDatabase, ...given: Parameters<typeof transaction>) {
        transactions.push(given);
        return transaction.apply(this, given);
      },
    );
    const place = newPlace();
    const page = await openPage();
    const kept = await openKept(place);
    const before = transactions.length;
    const strokes = Array.from({ length: 10_000 }, drawing);
    for (const one of strokes) kept.put(one);
    // Nothing is written in the same turn.
    expect(transactions.length).to.equal(before);
    await holds(10_000);
    expect(transactions.length - before).to.be.below(150);
    kept.close();
    const next = await page.outbox.open(place, { inherited: () => {}, lastingChanged: () => {} });
    open.add(next);
    await waitUntil(() => next.lasting);
    expect(next.loaded.length === 10_000 ? next.loaded.map(({ id }) => id) : next.loaded.length).to.deep.equal(
      strokes.map(({ id }) => id),
    );
  });
});
