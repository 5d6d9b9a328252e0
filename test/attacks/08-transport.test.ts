import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { test, type TestContext } from 'node:test';

import { newCommandId } from '../../protocol/names.js';
import { SOCKET_PATH } from '../../protocol/version.js';
import { NoUpgrade, RawWebSocket } from '../faults/raw-websocket.js';
import { rawGet } from '../server/http/asking.js';
import { type Backend, ORIGIN, startBackend } from '../support/backend.js';
import { within } from '../support/patience.js';
import { Talker } from '../support/talker.js';
import { draw, post } from '../support/commands.js';
import { Battlefield } from './battlefield.js';
import { ROOM } from './bystanders.js';
import { LET_IN } from './doors.js';
import { endOf } from './ending.js';
import { Polling } from './polling.js';
import { stroke } from '../support/strokes.js';

const OPEN = { perSecond: 1e9, burst: 1e9 };
const EVIL = 'https://evil.example';
/** Heartbeats, so that what does not answer them is found soon; in milliseconds. */
const HEARTBEAT = { pingInterval: 1_000, pingTimeout: 4_000 };
/**
 * Milliseconds in which the server ends what is slow: half a minute at most, and a little for a
 * busy machine.
 */
const SLOW_ENDS = 45_000;

test('8. Transport: stolen sessions, slow senders, slow readers, ends in the middle', async t => {
  const field = await Battlefield.open(t, {
    transport: { settings: HEARTBEAT },
    rates: { commands: OPEN, commandSize: OPEN, points: OPEN, packets: OPEN, packetSize: OPEN, packetPoints: OPEN },
    limits: { commandsPerSecond: 1e6, bytesPerSecond: 1e9, pointsPerSecond: 1e9 },
  });
  const { backend, bystanders } = field;
  const server = backend.url;
  const { port } = backend.app;
  const enter = async (person: string) =>
    RawWebSocket.enter(server, await backend.token({ person }), ROOM, { origin: ORIGIN });

  const stolen = await Polling.open({ server, origin: ORIGIN });
  assert.ok(stolen instanceof Polling);
  const sid = new URL(stolen.url).searchParams.get('sid') ?? '';
  for (const [name, origin, url] of [
    ['from another page', EVIL, stolen.url],
    ['for another site', ORIGIN, stolen.url.replace('site=acme', 'site=globex')],
    ['named twice', EVIL, `${stolen.url}&sid=x`],
  ] as const) {
    await field.attack(`a stolen session id, ${name}`, 'HTTP 403', async () => {
      return `HTTP ${(await rawGet(url, { origin })).status}`;
    });
  }
  await field.attack('a session id that was guessed', 'HTTP 400', async () => {
    return `HTTP ${(await rawGet(stolen.url.replace(sid, 'AAAAAAAAAAAAAAAAAAAA'), { origin: ORIGIN })).status}`;
  });
  await field.attack("an upgrade of another page's session", 'HTTP 400', () => upgrade(server, { sid }, EVIL));
  await field.attack('an upgrade of a session that there is not', 'HTTP 400', () =>
    upgrade(server, { sid: '__proto__' }, ORIGIN),
  );

  const headers = `GET /healthz HTTP/1.1\r\nHost: x\r\nX-A: `;
  const body = `POST /v1/sites/acme/guests HTTP/1.1\r\nHost: x\r\nOrigin: ${ORIGIN}\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"name":`;
  const poll = `POST ${SOCKET_PATH}/?EIO=4&transport=polling&site=acme&sid=${sid} HTTP/1.1\r\nHost: x\r\nOrigin: ${ORIGIN}\r\nContent-Length: 1000\r\n\r\n4`;
  await field.attack('60 slow senders of headers, bodies and polls at once', 'ended, all of them', async () => {
    const slow = [headers, body, poll].flatMap(begun => Array.from({ length: 20 }, () => drip(port, begun)));
    const endings = await Promise.all(slow);
    return endings.every(Boolean) ? 'ended, all of them' : `${endings.filter(ended => !ended).length} still open`;
  });
  await field.attack('20 half frames, and nothing after them', 'closed, each of them', async () => {
    const sockets = await Promise.all(
      Array.from({ length: 20 }, () => RawWebSocket.open(server, {}, { origin: ORIGIN })),
    );
    for (const socket of sockets) socket.bytes(Buffer.from([0x81, 0xfe, 0x01]));
    const endings = await Promise.all(sockets.map(socket => endOf(socket, SLOW_ENDS)));
    return endings.every(ending => ending === 'closed') ? 'closed, each of them' : endings.join();
  });
  await field.attack('a half-open socket, which answers nothing', 'taken for gone', async () => {
    const eve = await enter('half-open');
    eve.pause();
    await bystanders.near.hears('presence', ({ left }) => left.length > 0);
    eve.close();
    return 'taken for gone';
  });
  await field.attack('a reader that stops reading under much traffic', 'closed', async () => {
    const slow = await enter('slow');
    const painter = await Talker.enter(backend, { person: 'painter' });
    await painter.join(ROOM);
    slow.pause();
    const gone = bystanders.near.hears('presence', ({ left }) => left.length > 0).then(() => 'closed');
    for (let drawn = 0; drawn < 400; drawn += 1) {
      await drawLong(painter);
      const verdict = await Promise.race([gone, Promise.resolve('')]);
      if (verdict === '') continue;
      painter.socket.disconnect();
      slow.close();
      return verdict;
    }
    return 'still there';
  });
  await field.attack('300 who come back at once', `${LET_IN}, all of them`, async () => {
    const tokens = await Promise.all(Array.from({ length: 300 }, (_, index) => backend.token({ person: `p${index}` })));
    const sockets = await Promise.all(
      tokens.map(token => RawWebSocket.enter(server, token, 'assembly', { origin: ORIGIN })),
    );
    for (const socket of sockets) socket.close();
    return `${LET_IN}, all of them`;
  });
  field.note('2,000 who come back at once', 'tried with figures by test:faults (storm)');
  await field.attack(
    'a server that is ended in the middle of 60 sendings',
    'all that was acknowledged is there, once',
    () => endInMidSend(t),
  );
});

/** The status of an upgrade that should not be had. */
async function upgrade(server: string, query: Readonly<Record<string, string>>, origin: string): Promise<string> {
  try {
    (await RawWebSocket.open(server, query, { origin })).close();
    return 'upgraded';
  } catch (fault) {
    if (fault instanceof NoUpgrade) return `HTTP ${fault.status}`;
    throw fault;
  }
}

/** Begins a request and goes on with a letter a second; whether the server ended it in time. */
async function drip(port: number, begun: string): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => socket.destroy());
  socket.on('data', () => undefined);
  socket.write(begun);
  const letters = setInterval(() => socket.write('a'), 1_000);
  const ended = once(socket, 'close').then(() => true);
  const verdict = await within(SLOW_ENDS, ended, () => '').catch(() => false);
  clearInterval(letters);
  socket.destroy();
  return verdict;
}

function drawLong(talker: Talker): Promise<number> {
  return talker.command(ROOM, draw(stroke({ points: 'C'.repeat(48_000) })));
}

/**
 * Ends a server of its own, in order, as SIGTERM does, while somebody sends; then looks what there
 * is.
 */
async function endInMidSend(t: TestContext): Promise<string> {
  const backend: Backend = await startBackend(t);
  const ann = await Talker.enter(backend);
  await ann.join(ROOM);
  const acknowledged: string[] = [];
  const sending = Array.from({ length: 60 }, async (_, index) => {
    const body = post(`sent ${index}`);
    const answer = await ann.ask('command', { room: ROOM, id: newCommandId(), body });
    if (answer.ok) acknowledged.push(body.text);
    if (acknowledged.length === 1) void backend.stop();
  });
  await Promise.allSettled(sending);
  await backend.stop();
  await backend.start();
  const url = `${backend.url}/v1/sites/acme/rooms/${ROOM}/messages?before=999999`;
  const headers = { origin: ORIGIN, authorization: `Bearer ${await backend.token()}` };
  const text = await (await fetch(url, { headers })).text();
  assert.ok(acknowledged.length > 0);
  const counts = acknowledged.slice(-50).map(sent => text.split(`"${sent}"`).length - 1);
  return counts.every(count => count === 1) ? 'all that was acknowledged is there, once' : counts.join();
}
