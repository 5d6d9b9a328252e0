import assert from 'node:assert/strict';
import { request } from 'node:http';
import { suite, test, type TestContext } from 'node:test';

import { newCommandId } from '../../protocol/names.js';
import { SiteDirectory } from '../../server/auth/site-directory.js';
import { newSite } from '../../server/domain/site.js';
import { newPlace, ON_NODES } from '../support/place.js';
import { newSiteKey } from '../support/tokens.js';
import { post } from '../support/commands.js';
import { startProcess } from './server-process.js';
import { enterLobby } from './server-talker.js';

const SITE = 'acme';

async function start(t: TestContext, environment: Readonly<Record<string, string>> = {}) {
  const place = await newPlace();
  t.after(() => place.remove());
  return startProcess(t, { ...place.environment, ...environment });
}

/** Makes a place with one site, and talks to whatever server serves it. */
async function site(t: TestContext) {
  const place = await newPlace();
  t.after(() => place.remove());
  const key = newSiteKey(SITE, true);
  const { storage, ...footing } = await place.open();
  const sites = await SiteDirectory.load(storage);
  await sites.putSite(newSite(SITE));
  await sites.addKey(key.key);
  await footing.close();
  return {
    environment: place.environment,
    enter: (url: string, person: string) => enterLobby(t, url, key, person),
  };
}

suite('the process', () => {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    test(`serves until ${signal}, then ends well`, async t => {
      const server = await start(t);
      const url = await server.listening();
      assert.equal((await fetch(`${url}/healthz`)).status, 200);
      server.signal(signal);
      assert.equal((await server.ended).code, 0);
    });
  }

  test('names everything that is wrong in its environment', async t => {
    const { code, complaints } = await (await start(t, { SECRET_KEY: '', PORT: 'x' })).ended;
    assert.equal(code, 1);
    assert.match(complaints, /PORT must be/);
    assert.match(complaints, /SECRET_KEY is missing/);
  });

  test('ends where its port is taken', async t => {
    const { port } = new URL(await (await start(t)).listening());
    // Also where nobody reads the log.
    const { code, complaints } = await (await start(t, { PORT: port, LOG_LEVEL: 'silent' })).ended;
    assert.equal(code, 1);
    assert.match(complaints, new RegExp(`EADDRINUSE.*:${port}`));
  });
});

suite('a server that is told to end', () => {
  test('keeps all that it acknowledged, and tells everyone when to come back', async t => {
    const { environment, enter } = await site(t);
    const server = startProcess(t, environment);
    const url = await server.listening();
    const [ann, bo] = [await enter(url, 'ann'), await enter(url, 'bo')];
    const acknowledged = new Map<string, number>();
    await new Promise<void>(resolve => {
      for (let number = 0; number < 150; number += 1) {
        const body = post(`word ${number}`);
        const order = { room: 'lobby', id: newCommandId(), body };
        ann.socket.emit('command', order, answer => {
          if (!answer.ok) return;
          acknowledged.set(order.id, answer.seq);
          resolve();
        });
      }
    });
    server.signal('SIGTERM');
    // Where there are other nodes, one may come to them at once.
    const soonest = ON_NODES ? 50 : 500;
    for (const talker of [ann, bo]) {
      const { code, retryAfter } = await talker.hears('bye');
      assert.equal(code, 'unavailable');
      assert.ok(retryAfter !== undefined && retryAfter >= soonest, String(retryAfter));
      await talker.ended();
    }
    assert.equal((await server.ended).code, 0);

    const again = startProcess(t, environment);
    const cy = await enter(await again.listening(), 'cy');
    const { head } = await cy.join('lobby');
    const tail = await cy.ask('catchup', { room: 'lobby', after: { epoch: head.epoch, seq: 0 } });
    assert.ok(tail.ok && !tail.reset);
    const kept = new Map(tail.events.map(({ command, seq }) => [command, seq]));
    for (const [id, seq] of acknowledged) assert.equal(kept.get(id), seq);
  });

  test('is not ready at once, and serves until people have had time to be sent elsewhere', async t => {
    const server = await start(t, { SHUTDOWN_DELAY: '60', SHUTDOWN_TIMEOUT: '120' });
    const url = await server.listening();
    assert.equal((await fetch(`${url}/readyz`)).status, 200);
    server.signal('SIGTERM');
    await server.logged(({ msg }) => msg === 'closing');
    const answer = await fetch(`${url}/readyz`);
    assert.equal(answer.status, 503);
    assert.deepEqual(await answer.json(), { ready: false, serving: 'closing', storage: 'ok', cluster: 'ok' });
    assert.equal((await fetch(`${url}/healthz`)).status, 200);
    // Told again, it ends at once.
    server.signal('SIGINT');
    assert.equal((await server.ended).code, 1);
  });

  test('tells people to go when that time is over', async t => {
    const { environment, enter } = await site(t);
    const server = startProcess(t, { ...environment, SHUTDOWN_DELAY: '1' });
    const ann = await enter(await server.listening(), 'ann');
    const signalled = performance.now();
    server.signal('SIGTERM');
    assert.equal((await ann.hears('bye')).code, 'unavailable');
    assert.ok(performance.now() - signalled >= 1_000);
    assert.equal((await server.ended).code, 0);
  });

  test('gives up what does not end in time, and says what that is', async t => {
    const { environment } = await site(t);
    const server = startProcess(t, { ...environment, SHUTDOWN_TIMEOUT: '1' });
    const url = await server.listening();
    // A request that has begun and is never sent to its end.
    const asked = request(`${url}/v1/sites/${SITE}/rooms/lobby/messages`, { headers: { 'Content-Length': '9' } });
    asked.on('error', () => undefined);
    t.after(() => void asked.destroy());
    asked.flushHeaders();
    const stuck = await new Promise(resolve => asked.once('response', resolve));
    assert.ok(stuck);
    server.signal('SIGTERM');
    const line = await server.logged(({ level }) => level === 60);
    assert.equal(line?.['waitingFor'], 'connections to close');
    assert.equal((await server.ended).code, 1);
  });
});
