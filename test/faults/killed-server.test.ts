import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';

import { connect } from '../../widget/session/index.js';
import { Chance, seedOfRun } from './chance.js';
import { Member, ROOM } from './crowd.js';
import { ServerProcess, SITE } from './server-process.js';
import { agree, holdToPromises } from './verdict.js';

const KILLS = 20;
const CLIENTS = 10;

test(`a server that is killed ${KILLS} times under ${CLIENTS} people loses and doubles nothing`, async t => {
  const chance = new Chance(seedOfRun());
  const server = await ServerProcess.start(t);
  const members = Array.from({ length: CLIENTS }, (_, index) => {
    const person = `p${index}`;
    const token = () => server.token({ person });
    return new Member({ person, server: server.url, chance: new Chance(chance.between(0, 1e9)), token });
  });
  t.after(() => members.forEach(({ session }) => session.close()));

  for (const member of members) member.start();
  for (let kills = 0; kills < KILLS; kills += 1) {
    await someAreBack(members);
    // The moment is the chance of it: in the middle of a turn, of a commit, of an answer.
    await pause(chance.between(0, 700));
    await server.kill();
    await server.run();
  }
  for (const member of members) member.stop();

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
  t.diagnostic(`seed ${chance.seed}: ${KILLS} kills, ${events.length} events, ${promised} promises of messages kept`);
  assert.ok(promised > 100, `only ${promised} messages were acknowledged: nothing was tried`);
});

/** Half of them at least, so that a kill meets work under way. */
async function someAreBack(members: readonly Member[]): Promise<void> {
  while (members.filter(({ session }) => session.status === 'connected').length < members.length / 2) await pause(20);
}
