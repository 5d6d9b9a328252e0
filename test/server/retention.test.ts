import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';

import { SiteDirectory } from '../../server/auth/site-directory.js';
import { DEFAULT_SITE_LIMITS } from '../../server/domain/site.js';
import { createLog } from '../../server/log.js';
import { Retention } from '../../server/retention.js';
import { newStorage } from '../support/place.js';
import { ManualClock } from '../support/manual-clock.js';
import { PATIENCE, until as lookUntil } from '../support/patience.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

async function setUp(t: TestContext) {
  const storage = await newStorage(t);
  const sites = await SiteDirectory.load(storage);
  for (const [id, retentionDays] of [
    ['acme', 30],
    ['globex', null],
    ['hooli', 1],
  ] as const) {
    await sites.putSite({
      id,
      name: id,
      origins: [],
      guests: {},
      limits: DEFAULT_SITE_LIMITS,
      retentionDays,
      strokeTimes: true,
    });
  }
  const clock = new ManualClock();
  const asked: [site: string, before: number][] = [];
  let answer = (): Promise<void> => Promise.resolve();
  const lines: string[] = [];
  const retention = new Retention({
    sites,
    clock,
    log: createLog('info', { write: line => lines.push(line) }),
    storage: {
      isShared: false,
      forget: async (site, before) => {
        asked.push([site, before]);
        await answer();
        await storage.forget(site, before);
      },
    },
  });
  t.after(() => retention.close());
  return { sites, clock, asked, retention, lines, answers: (next: () => Promise<void>) => (answer = next) };
}

async function until(holds: () => boolean): Promise<void> {
  await lookUntil(PATIENCE, holds, () => `this never holds: ${holds.toString()}`);
}

test('what sites want forgotten is forgotten at the start, and every hour', async t => {
  const { clock, asked, sites } = await setUp(t);
  const start = clock.now();
  await until(() => clock.waiting === 1);
  assert.deepEqual(asked, [
    ['acme', start - 30 * DAY],
    ['hooli', start - DAY],
  ]);
  await sites.patchSite('acme', { retentionDays: 7 });
  await sites.patchSite('hooli', { retentionDays: null });
  clock.advance(HOUR - 1);
  assert.equal(asked.length, 2);
  clock.advance(1);
  await until(() => clock.waiting === 1);
  assert.deepEqual(asked.slice(2), [['acme', start + HOUR - 7 * DAY]]);
});

test('one site after the other, and what fails keeps no other waiting', async t => {
  const { clock, asked, answers, lines } = await setUp(t);
  await until(() => clock.waiting === 1);
  let fail = (_fault: Error) => {};
  answers(() => new Promise((_resolve, reject) => (fail = reject)));
  clock.advance(HOUR);
  await until(() => asked.length === 3);
  await turn();
  assert.equal(asked.length, 3);
  answers(() => Promise.resolve());
  fail(new Error('the disk is full'));
  await until(() => clock.waiting === 1);
  assert.deepEqual(
    asked.slice(2).map(([site]) => site),
    ['acme', 'hooli'],
  );
  assert.match(lines.join(''), /could not be made to forget/);
});

test('it ends with the site under way', async t => {
  const { clock, asked, answers, retention } = await setUp(t);
  await until(() => clock.waiting === 1);
  let finish = () => {};
  answers(() => new Promise(resolve => (finish = resolve)));
  clock.advance(HOUR);
  await until(() => asked.length === 3);
  let closed = false;
  const closing = retention.close().then(() => (closed = true));
  await turn();
  assert.equal(closed, false);
  finish();
  await closing;
  await retention.close();
  assert.equal(asked.length, 3);
  assert.equal(clock.waiting, 0);
});

test('where storage is shared, servers take turns at each site, and ask anew what it wants when it is theirs', async t => {
  const turns: string[] = [];
  const asked: string[] = [];
  let take = () => Promise.resolve();
  const { sites, clock } = await setUp(t);
  const retention = new Retention({
    sites,
    clock,
    log: createLog('silent'),
    storage: {
      isShared: true,
      exclusively: async (name, work) => {
        turns.push(name);
        await take();
        return work();
      },
      forget: async site => void asked.push(site),
    },
  });
  t.after(() => retention.close());
  take = () => sites.patchSite('hooli', { retentionDays: null }).then(() => undefined);
  await until(() => clock.waiting === 2);
  assert.deepEqual(turns, ['retention', 'retention']);
  assert.deepEqual(asked, ['acme']);
});
