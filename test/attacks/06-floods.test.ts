import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { Answer } from '../../protocol/conversation.js';
import { LIMITS } from '../../protocol/limits.js';
import { newCommandId, newShapeId } from '../../protocol/names.js';
import { RawWebSocket } from '../faults/raw-websocket.js';
import { ORIGIN } from '../support/backend.js';
import { codeOf, Talker } from '../support/talker.js';
import { draw, post } from '../support/commands.js';
import { Battlefield } from './battlefield.js';
import { ROOM } from './bystanders.js';
import { codeIn, knock, knockAt, LET_IN } from './doors.js';
import { endOf } from './ending.js';
import { Polling } from './polling.js';
import { stroke } from '../support/strokes.js';

/** Requests under way at one time: their own cost falls on the same processor. */
const AT_ONCE = 25;

test('6. Floods', async t => {
  // So few, that a busy machine comes to them before they are there again.
  // So slow that nothing comes back while an attack goes on, however busy the machine is.
  const field = await Battlefield.open(t, { rates: { failures: { perSecond: 0.01, burst: 200 } } });
  const { backend } = field;
  const server = backend.url;
  /** Somebody new each time: nobody begins with the budget that another one used up. */
  const someone = () => `eve-${newShapeId()}`;
  const enterRaw = async () =>
    RawWebSocket.enter(server, await backend.token({ person: someone() }), ROOM, { origin: ORIGIN });
  const enter = async () => {
    const eve = await Talker.enter(backend, { person: someone() });
    await eve.join(ROOM);
    return eve;
  };
  const flood = async (times: number, say: (eve: Talker, time: number) => Promise<Answer<object>>): Promise<string> => {
    const eve = await enter();
    const answers = await Promise.all(Array.from({ length: times }, (_, time) => say(eve, time)));
    eve.socket.disconnect();
    return codesOf(answers);
  };
  const saying = (text: string) => ({ room: ROOM, id: newCommandId(), body: post(text) }) as const;

  await field.attack('1,000 joins at once', 'rate_limited', () =>
    flood(1_000, (eve, time) => eve.ask('join', { room: `room-${time % 40}` })),
  );
  await field.attack('1,000 messages at once', 'rate_limited', () =>
    flood(1_000, eve => eve.ask('command', saying('x'))),
  );
  await field.attack('400 messages of 4,000 characters at once', 'person_bytes_limited', () =>
    flood(400, eve => eve.ask('command', saying('x'.repeat(LIMITS.messageText)))),
  );
  await field.attack('20 strokes of 10,000 points at once', 'person_points_limited', () =>
    flood(20, eve => {
      const points = 'C'.repeat(20_000);
      const body = draw(stroke({ points }));
      return eve.ask('command', { room: ROOM, id: newCommandId(), body });
    }),
  );
  await field.attack('60 rooms at once', 'too_many_rooms', () =>
    flood(LIMITS.roomsPerConnection + 10, (eve, time) => eve.ask('join', { room: `other-${time}` })),
  );

  const packets = (name: string, ending: string, packet: (time: number) => string, times = 5_000): Promise<void> =>
    field.attack(name, ending, async () => {
      const eve = await enterRaw();
      const ended = endOf(eve);
      for (let time = 0; time < times && eve.open; time += 1) {
        eve.text(packet(time));
        if (time % 50 === 0) await new Promise(setImmediate);
      }
      return ended;
    });
  await packets('5,000 events that nobody listens to', 'rate_limited, closed', () => '42/v1,["x"]');
  await packets('5,000 acknowledgements of nothing', 'connection_messages_limited, closed', time => `43/v1,${time}[1]`);
  await packets('5,000 signs of typing', 'rate_limited, closed', () => '42/v1,["l",1,["type",1]]');
  await packets('5,000 leavings', 'connection_messages_limited, closed', () => '42/v1,["leave",{"room":"lobby"}]');
  await packets('5,000 CONNECTs to other namespaces', 'invalid_input, closed', time => `40/n${time},{}`);
  await packets('5,000 CONNECTs to one namespace', 'closed', () => '40/v1,{"token":"x","protocol":1}');
  await packets('half-sent attachments', 'invalid_input, closed', time => `45${time + 1}-/v1,["l"]`);
  await packets(
    '60 packets of 90,000 characters',
    'connection_bytes_limited, closed',
    () => `42/v1,["x","${'x'.repeat(90_000)}"]`,
    60,
  );
  await packets(
    '5,000 live steps of a form that there is not',
    'rate_limited, closed',
    () => '42/v1,["l",1,["fly",1]]',
  );

  await field.attack('5,000 packets in one POST of polling', 'closed', async () => {
    const session = await enterByPolling(server, await backend.token({ person: someone() }));
    await session.send(...Array.from({ length: 5_000 }, () => '42/v1,["x"]'));
    for (let polls = 0; polls < 5; polls += 1) if (!(await session.poll())) return 'closed';
    return 'still open';
  });
  await field.attack('12 POSTs of polling, of 500 packets each', 'connection_messages_limited, closed', async () => {
    const session = await enterByPolling(server, await backend.token({ person: someone() }));
    const packets = Array.from({ length: 500 }, () => '43/v1,1[]');
    for (let times = 0; times < 12; times += 1) await session.send(...packets);
    const bye = await session.hears(packet => packet.includes('"bye"'));
    const code = /"code":"(\w+)"/.exec(bye ?? '')?.[1] ?? '';
    return (await session.hears(() => false)) ?? `${code}, closed`;
  });
  await field.attack('300 handshakes with no CONNECT', 'closed, each of them', async () => {
    const opening = Array.from({ length: 300 }, () => RawWebSocket.open(server, {}, { origin: ORIGIN }));
    const sockets = await Promise.all(opening);
    const endings = await Promise.all(sockets.map(socket => endOf(socket, 15_000)));
    return endings.every(ending => ending === 'closed') ? 'closed, each of them' : 'still open';
  });
  await field.attack('60 connections of one person', 'too_many_connections', async () => {
    const token = await backend.token({ person: someone() });
    const talkers = Array.from(
      { length: LIMITS.connectionsPerPerson + 10 },
      () => new Talker(backend.connect({ token })),
    );
    const heard = await Promise.all(
      talkers.map(talker => Promise.race([talker.hears('welcome').then(() => ''), talker.refused()])),
    );
    for (const { socket } of talkers) socket.disconnect();
    const codes = heard.flatMap(said => (said && typeof said === 'object' ? [said.code] : []));
    return [...new Set(codes)].join();
  });
  await field.attack('one command sent 60 times at once over two connections', 'one event', async () => {
    const person = someone();
    const pair = [await Talker.enter(backend, { person }), await Talker.enter(backend, { person })] as const;
    for (const talker of pair) await talker.join(ROOM);
    const order = saying('once');
    const answers = await Promise.all(
      Array.from({ length: 60 }, (_, time) => pair[time % 2 ? 1 : 0].ask('command', order)),
    );
    for (const talker of pair) talker.socket.disconnect();
    assert.equal(codesOf(answers), '');
    return new Set(answers.map(answer => answer.ok && answer.seq)).size === 1 ? 'one event' : 'more than one';
  });
  await field.attack('one command id with two bodies', 'command_id_reused', async () => {
    const eve = await enter();
    const id = newCommandId();
    const answers = await Promise.all(
      ['one', 'other'].map(text => eve.ask('command', { room: ROOM, id, body: post(text) })),
    );
    eve.socket.disconnect();
    return codesOf(answers);
  });
  await field.attack('150 snapshots', 'rate_limited', async () => {
    const token = await backend.token({ person: someone() });
    const said = await inTurns(150, () => knockAt('HTTP', { server, token }));
    return [...said].filter(verdict => verdict !== LET_IN).join();
  });
  await field.attack('400 guests from one address', 'rate_limited', async () => {
    const ask = async (): Promise<string> => {
      const headers = { origin: ORIGIN, 'content-type': 'application/json' };
      const body = JSON.stringify({ name: 'Zoe', room: 'open-house' });
      return codeIn(await fetch(`${server}/v1/sites/acme/guests`, { method: 'POST', headers, body }));
    };
    return [...(await inTurns(400, ask))].filter(verdict => verdict !== LET_IN).join();
  });
  const known = await backend.token({ person: someone() });
  await field.attack('a token that is all right', LET_IN, () => knock({ server, token: known }));
  await field.attack('500 tokens of unknown keys from one address', 'token_invalid', async () => {
    const said = await inTurns(500, time => knockAt('HTTP', { server, token: forged(`key-${time}`) }));
    return [...said].join(', then ');
  });
  await field.attack('from there, after that, with a token that was never seen', LET_IN, async () =>
    knock({ server, token: await backend.token({ person: someone() }) }),
  );
  // Last, since from this address no new token is verified for a while after it.
  await field.attack('500 forged tokens of a key that there is', 'token_invalid, then rate_limited', async () => {
    const { kid } = backend.keys.get('acme')?.page.key ?? assert.fail();
    const said = await inTurns(500, () => knockAt('HTTP', { server, token: forged(kid) }));
    return [...said].join(', then ');
  });
  await field.attack('from there, meanwhile, with a token that was good before', LET_IN, () =>
    knock({ server, token: known }),
  );
  await field.attack('from there, meanwhile, with a token that was never seen', 'rate_limited', async () =>
    knock({ server, token: await backend.token({ person: someone() }) }),
  );
});

/**
 * Does something so many times, some at a time; what came of it, once each, in the order in which
 * it came.
 */
async function inTurns(times: number, work: (time: number) => Promise<string>): Promise<ReadonlySet<string>> {
  const said = new Set<string>();
  for (let time = 0; time < times; time += AT_ONCE) {
    const some = Array.from({ length: Math.min(AT_ONCE, times - time) }, (_, index) => work(time + index));
    for (const verdict of await Promise.all(some)) said.add(verdict);
  }
  return said;
}

/** The codes of what was refused, once each, in their order by name. */
function codesOf(answers: readonly Answer<object>[]): string {
  const codes = answers.map(codeOf).filter(code => code !== undefined);
  return [...new Set(codes)].sort().join(', ');
}

/** A token with a signature that is none. */
function forged(kid: string): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'HS256', kid })}.${part({ iss: 'acme', sub: 'eve' })}.AAAA`;
}

async function enterByPolling(server: string, token: string): Promise<Polling> {
  const session = await Polling.open({ server, origin: ORIGIN });
  assert.ok(session instanceof Polling);
  await session.send(`40/v1,${JSON.stringify({ token, protocol: 1 })}`);
  assert.ok(await session.hears(packet => packet.includes('"welcome"')));
  return session;
}
