import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';

import { EFFORT } from '../../support/effort.js';
import type { NodeProcesses } from '../node-processes.js';
import { Outage } from './outage.js';
import { LIVE_WITHIN, Stage } from './stage.js';

/** Milliseconds that Redis is not there. */
const AWAY = EFFORT.redisAway;

/** How it goes, and comes again. */
const WAYS = {
  'is killed, and started again after': {
    go: ({ redis }: NodeProcesses) => redis.stop(),
    come: ({ redis }: NodeProcesses) => redis.startAgain(),
  },
  'hangs for': {
    go: async ({ redis }: NodeProcesses) => void process.kill(redis.pid ?? 0, 'SIGSTOP'),
    come: async ({ redis }: NodeProcesses) => void process.kill(redis.pid ?? 0, 'SIGCONT'),
  },
};

suite('a Redis that goes under three nodes costs nothing that was acknowledged', () => {
  for (const [what, { go, come }] of Object.entries(WAYS)) {
    test(`it ${what} ${AWAY / 1_000} s`, { timeout: 400_000 }, async t => {
      const stage = await Stage.set(t);
      const outage = await Outage.expect(t, stage, [0, 1, 2]);
      const gone = performance.now();
      await go(stage.nodes);
      const silent = await outage.isSaid(gone, ({ cluster }) => assert.equal(cluster, 'away'));
      await outage.isWaitedFor();
      await pause(gone + AWAY - performance.now());
      const back = performance.now();
      await come(stage.nodes);
      const live = await outage.isOver(back);
      t.diagnostic(`${await outage.conclude()}; ${outage.told(silent, live)}`);
      for (const took of live) assert.ok(took < LIVE_WITHIN, `${took} ms`);
    });
  }
});
