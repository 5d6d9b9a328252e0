import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';

import type { ReadinessReport } from '../../../server/readiness.js';
import { EFFORT } from '../../support/effort.js';
import { Outage } from './outage.js';
import { LIVE_WITHIN, Stage } from './stage.js';

/** The node that is cut off; the others are not. */
const NODE = 0;
/** Milliseconds for which it is. */
const AWAY = EFFORT.nodeAway;

const FROM = {
  Redis: { way: 'redis', isSaid: ({ cluster }: ReadinessReport) => assert.equal(cluster, 'away') },
  PostgreSQL: { way: 'postgres', isSaid: ({ storage }: ReadinessReport) => assert.notEqual(storage, 'ok') },
} as const;
const HOW = { 'by connections that are cut': 'cut', 'by packets that are swallowed': 'swallow' } as const;

suite('a node that is cut off says so, acknowledges nothing, and catches up alone', () => {
  for (const [from, { way, isSaid }] of Object.entries(FROM)) {
    for (const [how, does] of Object.entries(HOW)) {
      test(`from ${from}, ${how}`, { timeout: 400_000 }, async t => {
        const stage = await Stage.set(t, { cuttable: NODE });
        const network = stage.nodes.ways[way];
        const outage = await Outage.expect(t, stage, [NODE]);
        await pause(stage.chance.between(0, 500));
        const gone = performance.now();
        network[does]();
        const silent = await outage.isSaid(gone, isSaid);
        await outage.isWaitedFor();
        // The others go on as if nothing were.
        const others = stage.residents.filter((_, place) => place !== NODE);
        const beside = await Promise.all(others.map(author => stage.heard(author, others)));
        await pause(gone + AWAY - performance.now());
        const back = performance.now();
        network.mend();
        const live = await outage.isOver(back);
        t.diagnostic(
          `${await outage.conclude()}; ${outage.told(silent, live)}; the others heard each other in ${beside.join(', ')} ms`,
        );
        for (const took of live) assert.ok(took < LIVE_WITHIN, `${took} ms`);
        for (const took of beside) assert.ok(took < LIVE_WITHIN, `the others were hindered: ${took} ms`);
      });
    }
  }
});
