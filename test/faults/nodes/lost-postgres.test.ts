import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';

import { EFFORT } from '../../support/effort.js';
import { Outage } from './outage.js';
import { LIVE_WITHIN, Stage } from './stage.js';

/** Milliseconds that it stays away the second time; the first time it is started again at once. */
const AWAY = EFFORT.postgresAway;

test('a PostgreSQL that crashes and is started again loses and doubles nothing', { timeout: 400_000 }, async t => {
  const stage = await Stage.set(t);
  const { postgres } = stage.nodes;

  await pause(stage.chance.between(0, 500));
  await postgres.stop('immediate');
  const restarted = performance.now();
  await postgres.startAgain();
  const live = await stage.allHeard(restarted);
  t.diagnostic(`ms from its restart until people of each node were heard everywhere: ${live.join(', ')}`);

  const outage = await Outage.expect(t, stage, [0, 1, 2]);
  const gone = performance.now();
  await postgres.stop('immediate');
  const silent = await outage.isSaid(gone, ({ storage }) => assert.notEqual(storage, 'ok'));
  await outage.isWaitedFor();
  await pause(gone + AWAY - performance.now());
  const back = performance.now();
  await postgres.startAgain();
  const again = await outage.isOver(back);
  t.diagnostic(`${await outage.conclude()}; ${outage.told(silent, again)}`);
  for (const took of [...live, ...again]) assert.ok(took < LIVE_WITHIN, `${took} ms`);
});
