import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';

import type { ReadinessReport } from '../../server/readiness.js';
import { fullDisk } from '../server/storage/failing-disk.js';
import { ServerProbe } from '../soak/server-probe.js';
import { EFFORT } from '../support/effort.js';
import { PATIENCE, until } from '../support/patience.js';
import { askReadiness } from '../support/readiness.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { Chance, seedOfRun } from './chance.js';
import { finishTalk, gather, promises, ROOM, untilPromised } from './crowd.js';
import { LoneServer } from './lone-server.js';
import { SITE } from './site.js';
import { conclude, told } from './verdict.js';

const PEOPLE = 8;
/** Milliseconds that the disk stays full. */
const FULL = EFFORT.fullDisk;
/** How often it must have said so at least, and more often than not. */
const READINGS = 5;
const LOSSES = EFFORT.lostThreads;

test(`a disk that is full for ${FULL / 1_000} s under ${PEOPLE} people loses and doubles nothing`, async t => {
  const chance = new Chance(seedOfRun());
  const disk = await fullDisk(t);
  const server = await LoneServer.start(t, { LOG_LEVEL: 'info' }, disk.folder);
  const members = await gather(t, { people: PEOPLE, chance, server });
  for (const member of members) member.start();
  await untilPromised(members, 50);
  assert.deepEqual(await readiness(server), { ready: true, serving: 'ok', storage: 'ok', cluster: 'ok' });

  const end = Date.now() + FULL;
  const reports: ReadinessReport[] = [];
  const wrong = () => reports.filter(({ ready }) => !ready);
  const isFullForLong = async () => {
    // Over and over: the server's log gives room back where it can.
    disk.fail(server.pid);
    const snapshot = await fetch(`${server.url}/v1/sites/${SITE}/rooms/${ROOM}/snapshot`, {
      headers: { authorization: `Bearer ${await server.token({ person: 'reader' })}` },
    });
    assert.equal(snapshot.status, 200, 'what is there can be read');
    await snapshot.body?.cancel();
    reports.push(await readiness(server));
    await pause(100);
    return Date.now() >= end && wrong().length > Math.max(READINGS, reports.length / 2);
  };
  const few = () => `${wrong().length} of ${reports.length} times it was not ready`;
  await until(FULL + PATIENCE, isFullForLong, few);
  for (const { storage, reason } of wrong()) {
    assert.equal(storage, 'read-only');
    assert.match(reason ?? '', disk.fault === 'full' ? /disk is full/ : /disk fails/);
  }
  const lines = server.said.split('\n').filter(line => line.includes('storage fails'));
  assert.equal(lines.length, 1, 'the log says it once');
  assert.ok(!server.crashed);

  disk.recover(server.pid);
  await untilPromised(members, promises(members) + 50);
  assert.deepEqual(await readiness(server), { ready: true, serving: 'ok', storage: 'ok', cluster: 'ok' });
  await finishTalk(members);
  const verdict = await conclude(t, members, server);
  t.diagnostic(`seed ${chance.seed}: ${disk.means}; ${reports.length} readings meanwhile; ${told(verdict)}`);
});

test(`a thread of the database that is lost ${LOSSES} times under ${PEOPLE} people loses and doubles nothing`, async t => {
  const chance = new Chance(seedOfRun());
  const probe = new ServerProbe(await temporaryFolder(t));
  const server = await LoneServer.start(t, probe.environment);
  const members = await gather(t, { people: PEOPLE, chance, server });
  for (const member of members) member.start();
  for (let losses = 0; losses < LOSSES; losses += 1) {
    await untilPromised(members, promises(members) + 10);
    // The moment is the chance of it: in the middle of a turn, of a commit, of an answer.
    await pause(chance.between(0, 100));
    await probe.loseThread();
  }
  // So many in a row were a sign of something else; it is said, and gets over it all the same.
  await untilPromised(members, promises(members) + 100);
  assert.ok(!server.crashed);
  await finishTalk(members);
  const verdict = await conclude(t, members, server);
  t.diagnostic(`seed ${chance.seed}: ${LOSSES} threads lost; ${told(verdict)}`);
});

async function readiness(server: LoneServer): Promise<ReadinessReport> {
  return (await askReadiness(server.url)).report;
}
