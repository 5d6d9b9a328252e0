import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';

import { EFFORT } from '../support/effort.js';
import { ON_NODES } from '../support/place.js';
import { Chance, seedOfRun } from './chance.js';
import { finishTalk, gather, halfAreThere, promises, untilPromised, workIsUnderWay } from './crowd.js';
import { startService } from './service.js';
import { conclude, told } from './verdict.js';

/** Fewer where three processes are started each time. */
const KILLS = ON_NODES ? EFFORT.killsOfAllNodes : EFFORT.kills;
const PEOPLE = 10;

test(`a server that is killed ${KILLS} times under ${PEOPLE} people loses and doubles nothing`, async t => {
  const chance = new Chance(seedOfRun());
  const server = await startService(t);
  const members = await gather(t, { people: PEOPLE, chance, server });

  for (const member of members) member.start();
  for (let kills = 0; kills < KILLS; kills += 1) {
    await halfAreThere(members);
    // Else what is acknowledged between two kills could be nothing.
    await untilPromised(members, promises(members) + 10);
    // The moment is the chance of it: in the middle of a turn, of a commit, of an answer.
    await pause(chance.between(0, 700));
    await workIsUnderWay(() => members);
    await server.kill();
    await server.run();
  }
  await finishTalk(members);

  const verdict = await conclude(t, members, server);
  t.diagnostic(`seed ${chance.seed}: ${KILLS} kills; ${told(verdict)}`);
});
