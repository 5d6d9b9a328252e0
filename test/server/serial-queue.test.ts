import assert from 'node:assert/strict';
import { setImmediate as nextRound } from 'node:timers/promises';
import { test } from 'node:test';

import { CoalescedTask, SerialQueue } from '../../server/serial-queue.js';

/** Work that starts when it is its turn, and ends when the test says so. */
function pieces() {
  const started: string[] = [];
  const ends = new Map<string, PromiseWithResolversOfNothing>();
  return {
    started,
    work: (name: string) => (): Promise<void> => {
      started.push(name);
      const end = withResolvers();
      ends.set(name, end);
      return end.promise;
    },
    end: async (name: string, fault?: Error) => {
      if (fault) ends.get(name)?.reject(fault);
      else ends.get(name)?.resolve();
      await nextRound();
    },
  };
}

interface PromiseWithResolversOfNothing {
  readonly promise: Promise<void>;
  readonly resolve: () => void;
  readonly reject: (fault: Error) => void;
}

function withResolvers(): PromiseWithResolversOfNothing {
  let [resolve, reject]: [() => void, (fault: Error) => void] = [() => undefined, () => undefined];
  const promise = new Promise<void>((done, failed) => ([resolve, reject] = [done, failed]));
  return { promise, resolve, reject };
}

test('work under one key runs in order, also after work that failed; other keys do not wait', async () => {
  const { started, work, end } = pieces();
  const queue = new SerialQueue();
  const first = queue.run(work('first'), 'a');
  const second = queue.run(work('second'), 'a');
  const other = queue.run(work('other'), 'b');
  assert.deepEqual(started, ['first', 'other'], 'what waits for nothing starts at once');
  const refused = assert.rejects(first, /broken/);
  await end('first', new Error('broken'));
  await refused;
  assert.deepEqual(started, ['first', 'other', 'second']);
  await end('second');
  await end('other');
  await Promise.all([second, other]);
  const later = queue.run(work('later'), 'a');
  assert.equal(started.at(-1), 'later');
  await end('later');
  await later;
});

test('a coalesced task runs once more for all who ask while it runs, also after it failed', async () => {
  const { started, work, end } = pieces();
  let runs = 0;
  const task = new CoalescedTask(() => work(`run ${(runs += 1)}`)());
  const first = task.run();
  const [second, third] = [task.run(), task.run()];
  assert.deepEqual(started, ['run 1']);
  const refused = assert.rejects(first, /broken/);
  await end('run 1', new Error('broken'));
  await refused;
  assert.deepEqual(started, ['run 1', 'run 2']);
  const fourth = task.run();
  await end('run 2');
  await Promise.all([second, third]);
  assert.deepEqual(started, ['run 1', 'run 2', 'run 3']);
  await end('run 3');
  await fourth;
  assert.equal(runs, 3);
});
