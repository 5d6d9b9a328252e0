import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';

import { connect } from '../../widget/session/index.js';
import { Chance, seedOfRun } from './chance.js';
import { Member, ROOM } from './crowd.js';
import { RoughNetwork } from './rough-network.js';
import { ServerProcess, SITE } from './server-process.js';
import { agree, holdToPromises } from './verdict.js';

const CLIENTS = 10;
/** Connections that must have come to a bad end before it is enough. */
const ENDS = 100;

test(`a network that cuts, delays, reorders and half-closes loses and doubles nothing of ${CLIENTS} people`, async t => {
  const chance = new Chance(seedOfRun());
  const server = await ServerProcess.start(t);
  const network = await RoughNetwork.before(t, server.url, chance);
  const members = Array.from({ length: CLIENTS }, (_, index) => {
    const person = `p${index}`;
    const token = () => server.token({ person });
    return new Member({ person, server: network.url, chance: new Chance(chance.between(0, 1e9)), token });
  });
  t.after(() => members.forEach(({ session }) => session.close()));

  for (const member of members) member.start();
  const { ends } = network;
  while (ends.cut + ends.halfClosed + ends.stalled < ENDS) await pause(100);
  for (const member of members) member.stop();
  network.calm();

  const reader = connect({
    server: server.url,
    site: SITE,
    room: ROOM,
    getToken: () => server.token({ person: 'late' }),
  });
  t.after(() => reader.close());
  await agree(members, reader);
  await server.kill();
  const storage = await server.openStorage();
  t.after(() => storage.close());
  const events = await holdToPromises(members, storage);
  const promised = members.reduce((sum, member) => sum + member.promised.size, 0);
  t.diagnostic(
    `seed ${chance.seed}: ${ends.cut} cut, ${ends.halfClosed} half-closed, ${ends.stalled} stalled; ` +
      `${events.length} events, ${promised} promises of messages kept`,
  );
  assert.ok(promised > 100, `only ${promised} messages were acknowledged: nothing was tried`);
});
