import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import { RefusedError } from '../../../protocol/errors.js';
import { StorageError } from '../../../server/domain/storage.js';
import { createLog } from '../../../server/log.js';
import { Readiness } from '../../../server/readiness.js';
import { type StorageFault, StorageFaultError } from '../../../server/storage/storage-fault.js';
import { StorageHealth } from '../../../server/storage/storage-health.js';
import { ManualClock } from '../../support/manual-clock.js';

/** A storage that fails when a test says so, and what is said of it. */
class Patient {
  readonly clock = new ManualClock();
  /** The log: what it says and how many requests were refused since the line before. */
  readonly lines: string[] = [];
  /** Why it fails just now. */
  fault: StorageFault | undefined;
  /** How often something was tried with it. */
  tried = 0;
  readonly health: StorageHealth;
  readonly readiness: Readiness;

  constructor({ sideBySide = false } = {}) {
    this.health = new StorageHealth({
      storage: {
        tryWriting: async () => {
          await this.#work();
        },
      },
      sideBySide,
      clock: this.clock,
      log: createLog('info', {
        write: line => {
          const { msg, refused, err } = JSON.parse(line) as { msg: string; refused: number; err?: { message: string } };
          this.lines.push(`${msg}: ${err?.message ?? ''} ${refused}`);
        },
      }),
    });
    this.readiness = new Readiness({ keyRecords: () => Promise.resolve([]) }, this.clock, this.health);
  }

  keep(): Promise<string> {
    return this.health.write(
      () => this.#work(),
      () => true,
    );
  }

  read(): Promise<string> {
    return this.health.read(() => this.#work());
  }

  /** Begins to keep something, of which nobody hears before the test says what comes of it. */
  begin(): { readonly kept: Promise<unknown>; readonly fails: (fault: StorageFault) => void } {
    let fails: (fault: StorageFault) => void = () => undefined;
    const work = new Promise<never>((_, reject) => (fails = fault => reject(new StorageFaultError(fault))));
    return { kept: this.health.write(() => work), fails };
  }

  async #work(): Promise<string> {
    this.tried += 1;
    await Promise.resolve();
    if (this.fault) throw new StorageFaultError(this.fault, `/srv/talk.db ${this.fault}`);
    return 'done';
  }
}

function isRefusal(error: unknown): true {
  assert.ok(error instanceof RefusedError, String(error));
  assert.deepEqual(error.toRefusal(), { code: 'unavailable', message: 'unavailable', retryAfter: 2_000 });
  return true;
}

suite('the health of storage', () => {
  test('while nothing can be kept one is tried each second, and the others are refused at once', async () => {
    const patient = new Patient();
    const { health, clock } = patient;
    assert.equal(await patient.keep(), 'done');
    patient.fault = 'full';
    await assert.rejects(patient.keep(), isRefusal);
    assert.equal(health.trouble?.fault, 'full');
    await assert.rejects(patient.keep(), isRefusal);
    assert.equal(patient.tried, 2, 'it was not even tried');
    assert.equal(await health.read(() => Promise.resolve('read')), 'read');

    clock.advance(1_000);
    await Promise.all([1, 2, 3].map(() => assert.rejects(patient.keep(), isRefusal)));
    assert.equal(patient.tried, 3, 'one was tried for all');

    clock.advance(1_000);
    patient.fault = undefined;
    const [first, second] = [patient.keep(), patient.keep()];
    await assert.rejects(second, isRefusal);
    assert.equal(await first, 'done');
    assert.equal(health.trouble, undefined);
    assert.equal(await patient.keep(), 'done');
    health.close();
    assert.equal(clock.waiting, 0);
  });

  test('where the one that is tried is long under way another is tried each second', async () => {
    const patient = new Patient();
    patient.fault = 'failing';
    await assert.rejects(patient.keep(), isRefusal);
    patient.clock.advance(1_000);
    const first = patient.begin();
    patient.clock.advance(999);
    await assert.rejects(patient.keep(), isRefusal);
    assert.equal(patient.tried, 1);
    patient.clock.advance(1);
    patient.fault = undefined;
    assert.equal(await patient.keep(), 'done');
    assert.equal(await patient.keep(), 'done');
    first.fails('failing');
    await assert.rejects(first.kept, isRefusal);
    assert.equal(patient.health.trouble?.fault, 'failing');
    patient.health.close();
  });

  test('what keeps nothing proves nothing', async () => {
    const patient = new Patient();
    patient.fault = 'full';
    await assert.rejects(patient.keep(), isRefusal);
    patient.fault = undefined;
    patient.clock.advance(1_000);
    await patient.health.write(() => Promise.resolve('nothing to keep'));
    assert.equal(patient.health.trouble?.fault, 'full');
    await patient.keep();
    assert.equal(patient.health.trouble, undefined);
  });

  test('other errors go on as they are, and hold nobody up', async () => {
    const { health, lines } = new Patient();
    const other = new StorageError('another append was first');
    await assert.rejects(
      health.write(() => Promise.reject(other)),
      other,
    );
    assert.equal(await health.write(() => Promise.resolve('done')), 'done');
    assert.deepEqual(lines, []);
  });

  test('what is busy is refused by itself: it says nothing of anything else', async () => {
    const patient = new Patient();
    const { health, readiness, lines, clock } = patient;
    for (const fault of ['busy', undefined, 'busy'] as const) {
      patient.fault = fault;
      if (fault) await assert.rejects(patient.keep(), isRefusal);
      if (fault) await assert.rejects(patient.read(), isRefusal);
      else assert.equal(await patient.keep(), 'done');
      assert.equal(health.trouble, undefined);
      assert.equal((await readiness.report()).ready, true);
    }
    assert.deepEqual(lines, ['storage is busy: /srv/talk.db busy 1']);
    clock.advance(30_000);
    assert.equal(lines.at(-1), 'storage is busy: /srv/talk.db busy 3');
    clock.advance(30_000);
    assert.equal(lines.length, 2);

    patient.fault = 'full';
    await assert.rejects(patient.keep(), isRefusal);
    patient.fault = 'busy';
    clock.advance(1_000);
    await assert.rejects(patient.keep(), isRefusal);
    assert.equal(health.trouble?.fault, 'full', 'what is busy proves nothing');
    health.close();
  });

  test('it is logged once in a while, not once a request', async () => {
    const patient = new Patient();
    const { clock, lines } = patient;
    patient.fault = 'full';
    for (let requests = 0; requests < 100; requests += 1) await assert.rejects(patient.keep(), isRefusal);
    assert.deepEqual(lines, ['storage fails: /srv/talk.db full 0']);
    clock.advance(30_000);
    assert.equal(lines.at(-1), 'storage fails: /srv/talk.db full 100');
    await assert.rejects(patient.keep(), isRefusal);
    patient.fault = undefined;
    clock.advance(1_000);
    await patient.keep();
    clock.advance(30_000);
    assert.equal(lines.at(-1), 'storage works again:  1');
    clock.advance(300_000);
    assert.equal(lines.length, 3);
    assert.equal(clock.waiting, 0);
  });

  test('/readyz says in words what is wrong, names no file, and finds out when it is over', async () => {
    const patient = new Patient();
    const { readiness, clock } = patient;
    patient.fault = 'full';
    await assert.rejects(patient.keep(), isRefusal);
    assert.deepEqual(await readiness.report(), {
      ready: false,
      serving: 'ok',
      storage: 'read-only',
      cluster: 'ok',
      reason: 'The disk is full: nothing more can be kept until there is room on it.',
    });
    const tried = patient.tried;
    for (let asked = 0; asked < 10; asked += 1) await readiness.report();
    assert.equal(patient.tried, tried, 'who asks often does not make it write often');
    patient.fault = undefined;
    clock.advance(1_000);
    assert.deepEqual(await readiness.report(), { ready: true, serving: 'ok', storage: 'ok', cluster: 'ok' });
  });

  test('a database server that was away for one who reads or writes keeps what the others give it', async () => {
    const patient = new Patient({ sideBySide: true });
    const { health, readiness } = patient;
    for (const meet of ['read', 'keep'] as const) {
      patient.fault = 'away';
      await assert.rejects(patient[meet](), isRefusal);
      assert.equal(health.trouble?.fault, 'away');
      patient.fault = undefined;
      // Looks what has become of what it kept, for half a minute.
      const long = patient.begin();
      assert.deepEqual(await Promise.all([patient.keep(), patient.keep()]), ['done', 'done']);
      assert.equal(health.trouble, undefined);
      assert.equal((await readiness.report()).ready, true);
      long.fails('away');
      await assert.rejects(long.kept, isRefusal);
      assert.equal((await readiness.report()).ready, true);
    }
  });

  test('a database server that answers is there again, whatever it is asked', async () => {
    const patient = new Patient({ sideBySide: true });
    for (const ask of [() => patient.read(), () => patient.health.write(() => Promise.resolve('nothing to keep'))]) {
      patient.fault = 'away';
      await assert.rejects(patient.read(), isRefusal);
      patient.fault = undefined;
      await ask();
      assert.equal(patient.health.trouble, undefined);
    }
  });

  test('on a database server a full disk stops what is to be kept once somebody who wrote has met it', async () => {
    const patient = new Patient({ sideBySide: true });
    const { health, clock } = patient;
    patient.fault = 'full';
    await assert.rejects(patient.read(), isRefusal);
    await assert.rejects(patient.keep(), isRefusal);
    assert.equal(patient.tried, 2, 'what was read did not stop it');
    await assert.rejects(patient.keep(), isRefusal);
    assert.equal(patient.tried, 2);
    patient.fault = undefined;
    await patient.read();
    assert.equal(health.trouble?.fault, 'full', 'that it is read proves nothing');
    clock.advance(1_000);
    const [first, second] = [patient.keep(), patient.keep()];
    await assert.rejects(second, isRefusal);
    assert.equal(await first, 'done');
    assert.equal(health.trouble, undefined);
    health.close();
  });

  test('damage of a part stops nothing else, and is told until the server starts anew', async () => {
    const patient = new Patient();
    patient.fault = 'damaged';
    await assert.rejects(patient.read(), isRefusal);
    patient.fault = undefined;
    assert.equal(await patient.keep(), 'done');
    const { ready, storage, reason } = await patient.readiness.report();
    assert.deepEqual([ready, storage], [true, 'damaged']);
    assert.match(reason ?? '', /damaged/);
    assert.match(patient.lines[0] ?? '', /storage fails: .*damaged/);
  });
});
