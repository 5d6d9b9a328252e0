import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';

import { EFFORT } from '../../support/effort.js';
import { halfAreThere, workIsUnderWay } from '../crowd.js';
import { LIVE_WITHIN, Stage } from './stage.js';

const KILLS = EFFORT.killsOfOneNode;

test(`a node of three that is killed ${KILLS} times loses and doubles nothing`, { timeout: 400_000 }, async t => {
  const stage = await Stage.set(t);
  const locals = [...stage.residents];
  const elsewhere: number[] = [];
  const ready: number[] = [];
  const live: number[] = [];
  for (let kill = 0; kill < KILLS; kill += 1) {
    await halfAreThere(stage.crowd);
    const place = stage.peopledPlace();
    const node = stage.nodes.node(place);
    // The resident knows no other node, and would try to come back ever more rarely: a newcomer
    // takes their place afterwards.
    await locals[place]?.session.settled();
    locals[place]?.session.close();
    const traveller = await stage.traveller(place);
    const others = locals.filter((_, other) => other !== place);
    // The moment is the chance of it: in the middle of a turn, of a commit, of an answer.
    await pause(stage.chance.between(0, 500));
    await workIsUnderWay(() => stage.peopleOn(place));
    const killed = performance.now();
    await node.kill();
    elsewhere.push(await stage.heard(traveller, [traveller, ...others], killed));
    traveller.session.close();

    const begun = performance.now();
    node.begin();
    await node.untilReady();
    const there = performance.now();
    ready.push(Math.round(there - begun));
    locals[place] = await stage.newcomer(place);
    live.push(await stage.heard(locals[place], locals, there));
  }
  const verdict = await stage.conclude();
  t.diagnostic(`${KILLS} kills; ${verdict}`);
  t.diagnostic(`ms from a kill until somebody of the killed node was heard by way of another: ${elsewhere.join(', ')}`);
  t.diagnostic(
    `ms from its start until a node was ready: ${ready.join(', ')}; from then until somebody on it was heard everywhere: ${live.join(', ')}`,
  );
  for (const took of [...elsewhere, ...live]) assert.ok(took < LIVE_WITHIN, `${took} ms`);
});
