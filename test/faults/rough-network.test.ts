import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';

import { Chance, seedOfRun } from './chance.js';
import { gather } from './crowd.js';
import { RoughNetwork } from './rough-network.js';
import { ServerProcess } from './server-process.js';
import { conclude, told } from './verdict.js';

const PEOPLE = 10;
/** Connections that must have come to a bad end before it is enough. */
const ENDS = 100;

test(`a network that cuts, delays, reorders and half-closes loses and doubles nothing of ${PEOPLE} people`, async t => {
  const chance = new Chance(seedOfRun());
  const server = await ServerProcess.start(t);
  const network = await RoughNetwork.before(t, server.url, chance);
  const members = gather(t, { people: PEOPLE, chance, server, url: network.url });

  for (const member of members) member.start();
  const { ends } = network;
  while (ends.cut + ends.halfClosed + ends.stalled < ENDS) await pause(100);
  for (const member of members) member.stop();
  network.calm();

  const verdict = await conclude(t, members, server);
  t.diagnostic(
    `seed ${chance.seed}: ${ends.cut} cut, ${ends.halfClosed} half-closed, ${ends.stalled} stalled; ${told(verdict)}`,
  );
});
