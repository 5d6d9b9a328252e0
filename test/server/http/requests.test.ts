import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { suite, test } from 'node:test';

import { ADMIN_PATH } from '../../../protocol/schema/admin.js';
import { StorageClosedError } from '../../../server/domain/storage.js';
import { createLog } from '../../../server/log.js';
import { Metrics } from '../../../server/metrics/metrics.js';
import { ORIGIN, startBackend } from '../../support/backend.js';
import { ManualClock } from '../../support/manual-clock.js';
import { ask, codeOf } from './asking.js';
import { loneApp } from './lone-app.js';

type Line = Readonly<Record<string, unknown>>;

/** A log whose next line of a kind can be waited for. */
function heardLog() {
  const lines: Line[] = [];
  const waiting = new Set<() => void>();
  const log = {
    write(text: string): void {
      lines.push(JSON.parse(text) as Line);
      for (const look of waiting) look();
    },
  };
  const heard = (wanted: (line: Line) => boolean) =>
    new Promise<Line>(resolve => {
      const look = () => {
        const line = lines.find(wanted);
        if (line) resolve(line);
      };
      waiting.add(look);
      look();
    });
  return { log, lines, heard };
}

const answered = ({ msg }: Line) => msg === 'answered';

suite('a request', () => {
  test('has an id, in its answer and in its line of the log, which holds no query', async t => {
    const { log, lines, heard } = heardLog();
    const backend = await startBackend(t, { log });
    const token = await backend.token();
    const answer = await ask(backend, 'acme/rooms/lobby/messages?before=9&hush=hush', { token });
    const id = answer.headers.get('x-request-id') ?? assert.fail();
    assert.match(id, /^[A-Za-z0-9_-]{16}$/);
    const { path, status, method, level, address } = await heard(line => line['request'] === id);
    assert.deepEqual(
      { path, status, method, level, address },
      { path: '/v1/sites/acme/rooms/lobby/messages', status: 200, method: 'GET', level: 20, address: '127.0.0.1' },
    );
    assert.ok(!JSON.stringify(lines).includes('hush'));
    assert.notEqual((await ask(backend, 'acme/rooms/lobby/messages')).headers.get('x-request-id'), id);
    // Readable by the page, so that its author can name the request.
    assert.match(answer.headers.get('access-control-expose-headers') ?? '', /x-request-id/i);
  });

  test('has an id of ours, and beside it in the log the one that a proxy in front gave it', async t => {
    const { log, heard } = heardLog();
    const told = async (trustedProxies: number, said: string) => {
      const app = await loneApp(t, { trustedProxies, log: createLog('debug', log) });
      const answer = await fetch(`${app.url}/healthz`, { headers: { 'x-request-id': said } });
      const id = answer.headers.get('x-request-id') ?? '';
      assert.match(id, /^[A-Za-z0-9_-]{16}$/);
      assert.notEqual(id, said);
      return (await heard(line => line['request'] === id))['proxyRequest'];
    };
    assert.equal(await told(1, 'from-the_Proxy16'), 'from-the_Proxy16');
    for (const bad of ['', 'x'.repeat(65), 'a b', 'a"b', 'a\u00e9']) assert.equal(await told(1, bad), undefined, bad);
    assert.equal(await told(0, 'from-the_Proxy16'), undefined);
  });

  test("of the operator's is told in the log, those of others are counted there once a minute", async t => {
    for (const adminToken of ['the-token-of-the-operator-long-enough', undefined]) {
      const { log, lines, heard } = heardLog();
      const clock = new ManualClock();
      const app = await loneApp(t, { adminToken, clock, log: createLog('info', log) });
      const from = lines.length;
      const admin = async (token: string) => {
        const url = `${app.url}${ADMIN_PATH}/status?${token}`;
        await fetch(url, { headers: { authorization: `Bearer ${token}`, connection: 'close' } });
      };
      for (let time = 0; time < 5; time += 1) await admin('guessed');
      clock.advance(60_000);
      await admin('guessed');
      if (adminToken !== undefined) {
        await admin(adminToken);
        const { level, status } = await heard(answered);
        assert.deepEqual({ level, status }, { level: 30, status: 200 });
      }
      await app.close();
      const said = lines.slice(from).filter(({ msg }) => msg !== 'closed' && msg !== 'answered');
      const counts = said.map(({ level, refused, address }) => ({ level, refused, address }));
      const address = '127.0.0.1';
      assert.deepEqual(counts, [
        { level: 40, refused: 1, address },
        { level: 40, refused: 5, address },
      ]);
      assert.equal(lines.filter(answered).length, adminToken === undefined ? 0 : 1);
    }
  });

  test('of which a proxy tells that is not reckoned with makes the log say so, once', async t => {
    const { log, lines } = heardLog();
    for (const trustedProxies of [0, 1]) {
      const app = await loneApp(t, { trustedProxies, log: createLog('warn', log) });
      for (const time of ['first', 'second']) {
        await fetch(`${app.url}/healthz?${time}`, { headers: { 'x-forwarded-for': '192.0.2.1' } });
      }
    }
    assert.equal(lines.length, 1);
    assert.match(String(lines[0]?.['msg']), /TRUST_PROXY/);
  });

  test('that fails is logged by its id', async t => {
    const { log, heard } = heardLog();
    const app = await loneApp(t, { log: createLog('debug', log) });
    const site = app.sites.site('acme') ?? assert.fail();
    t.mock.method(app.sites, 'site', () => {
      throw new Error(`on purpose ${site.id}`);
    });
    const answer = await fetch(`${app.url}/v1/sites/acme/check`);
    assert.equal(answer.status, 500);
    const line = await heard(({ msg }) => msg === 'a request failed');
    assert.equal(line['request'], answer.headers.get('x-request-id'));
    assert.equal(line['level'], 50);
  });

  test('that is cut off because the server closes is no fault of the server', async t => {
    const { log, lines } = heardLog();
    const app = await loneApp(t, { log: createLog('debug', log) });
    t.mock.method(app.sites, 'site', () => {
      throw new StorageClosedError();
    });
    const answer = await fetch(`${app.url}/v1/sites/acme/check`);
    assert.equal(await codeOf(answer), 'unavailable');
    await app.close();
    assert.deepEqual(
      lines.filter(({ level }) => Number(level) >= 40),
      [],
    );
  });

  test('that is broken off is no fault of the server', async t => {
    const { log, heard } = heardLog();
    const metrics = new Metrics();
    const backend = await startBackend(t, { log, metrics });
    const asked = request(`${backend.url}/v1/sites/acme/guests`, {
      method: 'POST',
      headers: { origin: ORIGIN, 'content-type': 'application/json', 'content-length': '100' },
    });
    asked.on('error', () => undefined);
    asked.write('{"name":');
    // It is being read: the server has asked for the rest of it.
    await once(asked, 'socket');
    await new Promise(resolve => asked.socket?.write('"', resolve));
    asked.destroy();
    assert.equal((await heard(answered))['status'], 499);
    const { msg, level } = await heard(line => String(line['msg']).startsWith('a request'));
    assert.deepEqual({ msg, level }, { msg: 'a request was broken off', level: 20 });
    const { body } = await metrics.render();
    assert.match(body, /http_request_seconds_count\{route="\/v1\/sites\/:site\/guests",status="499"\} 1/);
    assert.doesNotMatch(body, /refusals_total\{/);
  });

  test('is counted by its route, its status and why it was refused', async t => {
    const { log, lines } = heardLog();
    const metrics = new Metrics();
    const backend = await startBackend(t, { log, metrics });
    const token = await backend.token();
    for (const room of ['one', 'two']) await ask(backend, `acme/rooms/${room}/snapshot`, { token });
    assert.equal(await codeOf(await ask(backend, 'acme/rooms/one/snapshot')), 'token_missing');
    await fetch(`${backend.url}/healthz`);
    for (const path of ['/a', '/b', '/v1/sites/acme/c']) await fetch(backend.url + path);
    await backend.close();
    assert.equal(lines.filter(answered).length, 7);
    const { body } = await metrics.render();
    const count = (labels: string) => body.includes(`http_request_seconds_count{${labels}}`);
    assert.match(body, /_count\{route="\/v1\/sites\/:site\/rooms\/:room\/snapshot",status="200"\} 2/);
    assert.ok(count('route="/v1/sites/:site/rooms/:room/snapshot",status="401"'));
    assert.ok(count('route="/healthz",status="200"'));
    assert.match(body, /_count\{route="none",status="404"\} 3/);
    assert.match(body, /refusals_total\{code="token_missing",of="http"\} 1/);
    assert.match(body, /refusals_total\{code="not_found",of="http"\} 3/);
  });
});

test('bytes are counted over all connections, open ones and closed ones', async t => {
  const metrics = new Metrics();
  const app = await loneApp(t, { metrics });
  const bytes = async (direction: string) => {
    const { body } = await metrics.render();
    return Number(new RegExp(`network_bytes_total\\{direction="${direction}"\\} (\\d+)`).exec(body)?.[1]);
  };
  assert.equal(await bytes('received'), 0);
  const socket = connect(app.port, '127.0.0.1');
  t.after(() => socket.destroy());
  const asked = 'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n';
  socket.write(asked);
  const [answer] = (await once(socket, 'data')) as [Buffer];
  assert.equal(await bytes('received'), asked.length);
  assert.equal(await bytes('sent'), answer.length);
  socket.end();
  await once(socket, 'close');
  assert.equal(await bytes('received'), asked.length);
  assert.equal(await bytes('sent'), answer.length);
});
