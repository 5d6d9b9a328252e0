import assert from 'node:assert/strict';
import { test } from 'node:test';

import { promised } from '../../support/effort.js';
import { LIVE_WITHIN, Stage } from './stage.js';

/**
 * Seconds from the signal until people are told to go: by then the balancer has seen that the node
 * closes.
 */
const DELAY = 1;
/** Milliseconds that anybody may be without a connection. */
const MOMENT = promised(5_000);

test(
  'three nodes that are restarted one after the other send nobody away for more than a moment',
  { timeout: 400_000 },
  async t => {
    // Everyone waits in earnest: it is their time that is measured.
    const stage = await Stage.set(t, { haste: 1, environment: { SHUTDOWN_DELAY: String(DELAY) } });
    const rounds: string[] = [];
    const live: number[] = [];
    for (const [place, node] of stage.nodes.processes.entries()) {
      const resident = stage.resident(place);
      await resident.session.settled();
      resident.session.close();
      const there = stage.peopleOn(place).length;
      assert.ok(there > 0, `nobody is on node ${place}: nobody would be sent away`);
      const told = performance.now();
      assert.equal(await node.end(), 0, node.said);
      const ended = performance.now();
      node.begin();
      await node.untilReady();
      const ready = performance.now();
      const newcomer = await stage.newcomer(place);
      const readers = [newcomer, ...stage.crowd];
      await stage.untilIn(...stage.crowd);
      live.push(await stage.heard(newcomer, readers, ready));
      const gone = Math.round(ended - told);
      const awayest = Math.max(...stage.crowd.map(({ absence }) => absence.longest));
      rounds.push(`node ${place} with ${there} people ended in ${gone} ms, the longest absence so far ${awayest} ms`);
    }
    const absences = stage.crowd.map(({ absence }) => absence.longest).sort((one, other) => one - other);
    const verdict = await stage.conclude();
    t.diagnostic(`${rounds.join('; ')}; ${verdict}`);
    t.diagnostic(
      `ms that people were not connected at a stretch: median ${absences[15] ?? 0}, longest ${absences.at(-1) ?? 0}`,
    );
    t.diagnostic(`ms from when a node was ready again until somebody on it was heard by everyone: ${live.join(', ')}`);
    assert.ok((absences.at(-1) ?? 0) < MOMENT, `${absences.at(-1)} ms`);
    for (const took of live) assert.ok(took < LIVE_WITHIN, `${took} ms`);
  },
);
