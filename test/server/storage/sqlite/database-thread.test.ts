import assert from 'node:assert/strict';
import { once } from 'node:events';
import { access, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { setImmediate as nextRound } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';

import { StorageClosedError, StorageError } from '../../../../server/domain/storage.js';
import { DatabaseThread, ThreadLostError } from '../../../../server/storage/sqlite/database-thread.js';
import type { Arguments, CallName, Result, ThreadData } from '../../../../server/storage/sqlite/engine.js';
import { StorageFaultError } from '../../../../server/storage/storage-fault.js';
import { SqliteStorage } from '../../../../server/storage/sqlite/sqlite-storage.js';
import { ManualClock } from '../../../support/manual-clock.js';
import { roomKey } from '../../../support/room-key.js';
import { temporaryFolder } from '../../../support/temporary-folder.js';
import { keep, site } from '../contract/home.js';
import { posted } from '../../../support/commands.js';

const ROOM = roomKey('acme', 'algebra');

/** When the thread is to be lost: before it commits a turn, or after that and before it says so. */
type Losing = 'never' | 'before commit' | 'after commit';

interface ThreadOptions {
  readonly clock?: ManualClock;
}

class Thread extends DatabaseThread {
  readonly file: string;
  readonly workers: Worker[];
  losing: Losing = 'never';
  /** What asking for an event comes to; undefined where it is answered. */
  unknown: StorageError | undefined;

  constructor(file: string, { clock }: ThreadOptions = {}) {
    const workers: Worker[] = [];
    const start = (workerData: ThreadData) => {
      const worker = new Worker(new URL('../../../../server/storage/sqlite/thread.js', import.meta.url), {
        workerData,
      });
      workers.push(worker);
      return worker;
    };
    super({ file, secretKey: 'secret', lockPatience: 0 }, { start, ...(clock && { clock }) });
    this.file = file;
    this.workers = workers;
  }

  get present(): Worker {
    const worker = this.workers.at(-1);
    assert.ok(worker);
    return worker;
  }

  override async call<Name extends CallName>(name: Name, ...args: Arguments<Name>): Promise<Result<Name>> {
    if (name === 'holds' && this.unknown) throw this.unknown;
    if (name !== 'commitTurn' || this.losing === 'never') return super.call(name, ...args);
    if (this.losing === 'after commit') await super.call(name, ...args);
    await this.present.terminate();
    throw new ThreadLostError();
  }
}

/** A storage whose thread the test can end. */
async function open(
  t: TestContext,
  options: ThreadOptions = {},
): Promise<{ readonly storage: SqliteStorage; readonly thread: Thread }> {
  const thread = new Thread(join(await temporaryFolder(t), 'chalk-talk.db'), options);
  await thread.open();
  const storage = new SqliteStorage(thread);
  t.after(() => storage.close());
  await storage.putSite(site('acme'));
  return { storage, thread };
}

/** Ends the thread that runs. */
async function lose(thread: Thread): Promise<void> {
  const exit = once(thread.present, 'exit');
  await thread.present.terminate();
  await exit;
}

test('a thread that ends rejects what it was asked, and the next call starts another', async t => {
  const { storage, thread } = await open(t);
  await keep(storage, ROOM, [posted('before')]);
  const ended = thread.present.terminate();
  await assert.rejects(storage.snapshot(ROOM), ThreadLostError);
  await ended;
  assert.equal((await storage.head(ROOM)).seq, 1);
  assert.equal(thread.workers.length, 2);
  await keep(storage, ROOM, [posted('after')]);
  assert.equal((await storage.head(ROOM)).seq, 2);
});

test('a commit that was kept is known as kept, though the thread was lost before it said so', async t => {
  const { storage, thread } = await open(t);
  await storage.head(ROOM);
  thread.losing = 'after commit';
  await keep(storage, ROOM, [posted('kept')]);
  assert.equal((await storage.head(ROOM)).seq, 1);
});

test('a commit that was not kept is rejected when the thread is lost', async t => {
  const { storage, thread } = await open(t);
  await storage.head(ROOM);
  thread.losing = 'before commit';
  await assert.rejects(keep(storage, ROOM, [posted('lost')]), ThreadLostError);
  assert.equal((await storage.head(ROOM)).seq, 0);
});

test('where it can not be learned whether a commit was kept, that is what is said, whatever hindered it', async t => {
  const { storage, thread } = await open(t);
  await storage.head(ROOM);
  thread.losing = 'after commit';
  thread.unknown = new StorageFaultError('damaged');
  await assert.rejects(keep(storage, ROOM, [posted('kept?')]), (fault: unknown) => {
    assert.ok(fault instanceof ThreadLostError);
    assert.equal(fault.sparesOthers, false, 'no room of the turn is to be taken again');
    return fault.cause === thread.unknown;
  });
});

test('closing a storage whose thread was lost ends', async t => {
  const { storage, thread } = await open(t);
  const exit = once(thread.present, 'exit');
  void thread.present.terminate();
  const closed = storage.close();
  await Promise.all([exit, closed]);
  await assert.rejects(storage.head(ROOM), StorageError);
});

test('what no thread can be sent is refused, and the next turn works', async t => {
  const { storage } = await open(t);
  const text = (() => 'a function') as unknown as string;
  await assert.rejects(keep(storage, ROOM, [posted(text)]), StorageError);
  await keep(storage, ROOM, [posted('hello')]);
  assert.equal((await storage.head(ROOM)).seq, 1);
});

test('what is cut off because the storage closes says so, and is not taken for a thread that was lost', async t => {
  const { storage, thread } = await open(t);
  // `close` does not wait for a backup.
  const cut = storage.backup(join(await temporaryFolder(t), 'copy.db'));
  const closed = storage.close();
  void thread.present.terminate();
  await assert.rejects(cut, StorageClosedError);
  await closed;
});

test('a thread that goes on ending is started ever more slowly, and what is asked meanwhile is rejected at once', async t => {
  const clock = new ManualClock();
  const { storage, thread } = await open(t, { clock });
  await lose(thread);
  await storage.head(ROOM);
  assert.equal(thread.workers.length, 2, 'the first time at once');
  for (const [index, rest] of [250, 500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000].entries()) {
    await lose(thread);
    await assert.rejects(storage.head(ROOM), { fault: 'lost', message: new RegExp(`\\(${index + 2} times in a row`) });
    clock.advance(rest - 1);
    await assert.rejects(storage.head(ROOM), { fault: 'lost' });
    clock.advance(1);
    await storage.head(ROOM);
  }
  // After a while without a loss it is the first one again.
  clock.advance(60_000);
  await lose(thread);
  await storage.head(ROOM);
  await storage.close();
  assert.equal(clock.waiting, 0, 'nothing is left that waits');
});

test('whether a commit was kept is asked of whichever thread can be started at last', async t => {
  const clock = new ManualClock();
  const { storage, thread } = await open(t, { clock });
  await lose(thread);
  await storage.head(ROOM);
  thread.losing = 'after commit';
  const kept = keep(storage, ROOM, [posted('kept')]);
  while (clock.waiting < 2) await nextRound();
  clock.advance(250);
  await kept;
  assert.equal((await storage.head(ROOM)).seq, 1);
});

test('no other file is opened in the place of one that has gone, and none is made', async t => {
  const { storage, thread } = await open(t);
  const file = thread.file;
  await keep(storage, ROOM, [posted('kept')]);
  await lose(thread);
  await rename(file, `${file}.elsewhere`);
  await assert.rejects(storage.head(ROOM), { fault: 'missing', message: /was removed or replaced/ });
  await assert.rejects(access(file), { code: 'ENOENT' });
  await rename(`${file}.elsewhere`, file);
  await thread.back();
  assert.equal((await storage.head(ROOM)).seq, 1);
});
