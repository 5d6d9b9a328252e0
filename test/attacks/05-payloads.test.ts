import assert from 'node:assert/strict';
import { test } from 'node:test';

import { encodeInk } from '../../protocol/ink.js';
import { LIMITS } from '../../protocol/limits.js';
import { newCommandId, newShapeId } from '../../protocol/names.js';
import { RawWebSocket } from '../faults/raw-websocket.js';
import { ORIGIN } from '../support/backend.js';
import { codeOf, Talker } from '../support/talker.js';
import { draw, post } from '../support/commands.js';
import { Battlefield } from './battlefield.js';
import { ROOM } from './bystanders.js';
import { codeIn, knockAt } from './doors.js';
import { endOf } from './ending.js';
import { Polling } from './polling.js';
import { stroke } from '../support/strokes.js';

const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
const BINARY = 2;

/** What is closed without a word: by the transport, or by Socket.IO itself. */
const UNHEARD: Readonly<Record<string, string>> = {
  'one byte over the limit': `42/v1,["x","${'x'.repeat(LIMITS.packetBytes + 1 - 12)}"]`,
  'a million points': `42/v1,["command",{"points":"${'C'.repeat(1_000_000)}"}]`,
  'an error of the server': '44/v1,{"message":"x"}',
  'a namespace that nobody joined': '42/v2,["join",{"room":"lobby"}]',
};

/** What is no packet of ours: who sends it is told so, and out. */
const PACKETS: Readonly<Record<string, string>> = {
  'an event nested 5,000 deep': `42/v1,["command",${nested(5_000)}]`,
  'an event nested one too deep': `42/v1,["join",${nested(LIMITS.packetDepth)}]`,
  'objects nested 5,000 deep': `42/v1,["join",${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}]`,
  'a handshake nested 5,000 deep': `40/v1,{"token":${nested(5_000)}}`,
  'a binary event': '451-/v1,["l",{"_placeholder":true,"num":0}]',
  'a binary answer': '461-/v1,1[{"_placeholder":true,"num":0}]',
  'more attachments than anybody sends': '45999999999-/v1,["l"]',
  'packet type 7': '47/v1,["join",{"room":"lobby"}]',
  'packet type 8': '48/v1,["join",{"room":"lobby"}]',
  'packet type 9': '49/v1,["join",{"room":"lobby"}]',
  'an answer id that is no number': '42/v1,abc["join",{"room":"lobby"}]',
  'an answer id below none': '42/v1,-1["join",{"room":"lobby"}]',
  'an answer id with a fraction': '42/v1,1.5["join",{"room":"lobby"}]',
  'an answer id of 400 digits': `42/v1,${'9'.repeat(400)}["join",{"room":"lobby"}]`,
  'half a packet': '42/v1,["command",{',
  'a list with holes': '42/v1,["join",,{"room":"lobby"}]',
  'NaN in a packet': '42/v1,["read",{"room":"lobby","seq":NaN}]',
  'a list of nothing': '42/v1,[]',
  'an object for a list': '42/v1,{"0":"join"}',
  'a name that is reserved': '42/v1,["disconnect"]',
};

/** What has the wrong form: refused, and the connection goes on. */
const ORDERS: Readonly<Record<string, string>> = {
  'a prototype among the members': '["join",{"room":"lobby","__proto__":{"role":"moderator"}}]',
  'a constructor among the members': '["join",{"room":"lobby","constructor":{"prototype":{"role":"moderator"}}}]',
  'a number beyond all numbers': '["read",{"room":"lobby","seq":1e999}]',
  'a number below zero': '["read",{"room":"lobby","seq":-1}]',
  'a fraction for a seq': '["read",{"room":"lobby","seq":0.5}]',
  'a number that is not exact': '["read",{"room":"lobby","seq":9007199254740993}]',
  'nothing in an order': '["command",null]',
  'a list for an order': '["join",["lobby"]]',
  'a length for a list': '["join",{"room":{"length":1000000000}}]',
  'a placeholder for binary data': '["join",{"room":{"_placeholder":true,"num":0}}]',
};

test('5. Payloads that are too deep, too large, or of another form', async t => {
  const field = await Battlefield.open(t);
  const { backend } = field;
  const server = backend.url;
  const enter = async (): Promise<RawWebSocket> => {
    const token = await backend.token({ person: `eve-${newShapeId()}` });
    return RawWebSocket.enter(server, token, ROOM, { origin: ORIGIN });
  };

  for (const [packets, ending] of [
    [PACKETS, 'invalid_input, closed'],
    [UNHEARD, 'closed'],
  ] as const) {
    for (const [name, packet] of Object.entries(packets)) {
      await field.attack(name, ending, async () => {
        const eve = await enter();
        eve.text(packet);
        return endOf(eve);
      });
    }
  }
  await field.attack('the same over polling: an event nested 5,000 deep', 'closed', async () => {
    const session = await Polling.open({ server, origin: ORIGIN });
    assert.ok(session instanceof Polling);
    await session.send(`42/v1,["command",${nested(5_000)}]`);
    return (await session.hears(() => false)) ?? 'closed';
  });
  await field.attack('the same over polling: one byte over the limit', 'HTTP 413', async () => {
    const session = await Polling.open({ server, origin: ORIGIN });
    assert.ok(session instanceof Polling);
    return `HTTP ${await session.send(`4${'x'.repeat(LIMITS.packetBytes)}`)}`;
  });
  await field.attack('binary data', 'invalid_input, closed', async () => {
    const eve = await enter();
    eve.frame(BINARY, Buffer.from([1, 2, 3]));
    return endOf(eve);
  });
  await field.attack('text that is no UTF-8', 'closed', async () => {
    const eve = await enter();
    eve.frame(1, Buffer.from([0x34, 0x32, 0xc3, 0x28, 0xff]));
    return endOf(eve);
  });
  await field.attack('a frame without a mask', 'closed', async () => {
    const eve = await enter();
    eve.frame(1, Buffer.from('42/v1,["x"]'), { masked: false });
    return endOf(eve);
  });
  await field.attack('a frame of a kind that there is not', 'closed', async () => {
    const eve = await enter();
    eve.frame(11, Buffer.from('x'));
    return endOf(eve);
  });
  await field.attack('a frame that says it is 2^53 bytes long', 'closed', async () => {
    const eve = await enter();
    eve.bytes(Buffer.from([0x81, 0xff, 0x00, 0x20, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4]));
    return endOf(eve);
  });

  for (const [name, order] of Object.entries(ORDERS)) {
    await field.attack(name, 'invalid_input', async () => {
      const eve = await enter();
      const answer = eve.hears(text => text.startsWith('43/v1,7['));
      eve.text(`42/v1,7${order}`);
      const code = /"code":"(\w+)"/.exec(await answer)?.[1];
      eve.close();
      return code ?? 'done';
    });
  }

  const eve = await Talker.enter(backend, { person: 'eve' });
  await eve.join(ROOM);
  const order = async (body: unknown): Promise<string> =>
    codeOf(await eve.askAnything('command', { room: ROOM, id: newCommandId(), body })) ?? 'done';
  const { look, content } = stroke({ scale: 0, points: encodeInk([{ x: 1, y: 1 }], { scale: 0, pressure: false }) });
  const strokeWith = (fault: object): Promise<string> =>
    order({ ...draw(stroke()), shape: { ...stroke(), look, content, ...fault } });
  for (const [name, fault] of Object.entries<object>({
    'one point too many': { content: { ...content, points: 'C'.repeat(LIMITS.strokePoints + 1) } },
    'points that are a list': { content: { ...content, points: [1, 2, 3] } },
    'points with characters that there are not': { content: { ...content, points: 'CC!!' } },
    'points far outside of the board': { content: { ...content, points: '________________' } },
    'a width of nothing': { look: { ...look, width: 0 } },
    'a width that is a text': { look: { ...look, width: '4' } },
    'a scale beyond all scales': { content: { ...content, scale: 99 } },
    'an id with a path in it': { id: '../../..' },
  })) {
    await field.attack(`a stroke with ${name}`, 'invalid_input', () => strokeWith(fault));
  }
  const timed = (times: unknown) => order({ ...draw(stroke({ points: 'CCCC' })), times });
  for (const [name, times] of Object.entries({
    'too many times': 'AA',
    'half a time': 'g',
    'times that are a list': [8],
    'more times than there may be': 'A'.repeat(LIMITS.strokeTimes + 1),
  })) {
    await field.attack(`a stroke with ${name}`, 'invalid_input', () => timed(times));
  }
  for (const waited of [-1, '7', null, {}]) {
    await field.attack(`a command that has waited ${JSON.stringify(waited)}`, 'invalid_input', async () => {
      const answer = { room: ROOM, id: newCommandId(), body: post('late'), waited };
      return codeOf(await eve.askAnything('command', answer)) ?? 'done';
    });
  }
  await field.attack('a message one character too long', 'invalid_input', () =>
    order(post('x'.repeat(LIMITS.messageText + 1))),
  );
  await field.attack('a message of nothing to see', 'text_empty', () => order(post(' \u200b ')));
  await field.attack('half a character in a message', 'invalid_input', () => order(post('half \ud800 a character')));

  const guest = async (body: string, type = 'application/json'): Promise<string> => {
    const headers = { origin: ORIGIN, 'content-type': type };
    return codeIn(await fetch(`${server}/v1/sites/acme/guests`, { method: 'POST', headers, body }));
  };
  await field.attack('HTTP: a body nested 5,000 deep', 'invalid_input', () => guest(nested(4_000)));
  await field.attack('HTTP: half a body', 'invalid_input', () => guest('{"name":'));
  await field.attack('HTTP: a body of 20,000 characters', 'too_large', () => guest(`{"name":"${'x'.repeat(20_000)}"}`));
  await field.attack('HTTP: a prototype in the body', 'invalid_input', () =>
    guest('{"name":"Zoe","room":"open-house","__proto__":{"role":"moderator"}}'),
  );
  await field.attack('HTTP: a form that any page may post', 'invalid_input', () =>
    guest('{"name":"Zoe","room":"open-house"}', 'text/plain'),
  );
  await field.attack('a CONNECT that is a list', 'closed', () => knockAt('WebSocket', { server, auth: '[1]' }));
  await field.attack('nobody has become a moderator by any of it', 'member', async () => (await eve.join(ROOM)).role);
});
