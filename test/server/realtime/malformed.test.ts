import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import { LIMITS } from '../../../protocol/limits.js';
import { type Backend, startBackend } from '../../support/backend.js';
import type { Scope } from '../../support/scope.js';
import { codeOf, Talker } from '../../support/talker.js';
import { clear, draw, isDrawn, post } from '../../support/commands.js';
import { stroke } from '../../support/strokes.js';

const STROKE = stroke({ id: 'strokeA1', points: 'CC' });

const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);

/** A room where two talk while a third misbehaves; `peaceful` proves that they are undisturbed. */
async function setUp(t: Scope) {
  const backend = await startBackend(t);
  const ann = await Talker.enter(backend, { person: 'ann' });
  const bob = await Talker.enter(backend, { person: 'bob' });
  await ann.join('lobby');
  await bob.join('lobby');
  async function peaceful(): Promise<void> {
    const seq = await ann.post('lobby', 'still here');
    await bob.hears('events', ({ events }) => events.some(event => event.seq === seq));
    assert.ok(ann.socket.connected && bob.socket.connected);
  }
  return { backend, ann, peaceful };
}

/** Somebody in the room who can also write what Socket.IO's own encoder would not. */
async function enterRaw(backend: Backend): Promise<Talker & RawWriting> {
  const eve = await Talker.enter(backend, { person: 'eve' });
  const { handle } = await eve.join('lobby');
  return Object.assign(eve, { handle, write: (packet: string | Buffer) => void eve.socket.io.engine.write(packet) });
}

interface RawWriting {
  /** Of the lobby. */
  readonly handle: number;
  readonly write: (packet: string | Buffer) => void;
}

suite('what is no packet of ours ends that connection, and disturbs nobody', () => {
  const packets: Record<string, string | Buffer> = {
    'nested too deep': `2/v1,["command",${nested(5_000)}]`,
    'nested too deep in a handshake': `0/v1,{"token":${nested(5_000)}}`,
    'one byte too large': `2/v1,["x","${'x'.repeat(LIMITS.packetBytes)}"]`,
    'a binary event': '51-/v1,["l",{"_placeholder":true,"num":0}]',
    'binary data': Buffer.from([1, 2, 3]),
    'half a packet': '2/v1,["command",{',
    'a type that there is not': '9/v1,["x"]',
    'a namespace that was not joined': '2/v2,["x"]',
    'a list of nothing': '2/v1,[]',
    'a reserved name': '2/v1,["disconnect"]',
  };
  for (const [name, packet] of Object.entries(packets)) {
    test(name, async t => {
      const { backend, peaceful } = await setUp(t);
      const eve = await enterRaw(backend);
      eve.write(packet);
      await eve.ended();
      await peaceful();
    });
  }
});

suite('what has the wrong form is refused, and disturbs nobody', () => {
  const orders: Record<string, unknown[]> = {
    'no order': ['command'],
    null: ['command', null],
    'a text': ['join', 'lobby'],
    'a list': ['join', ['lobby']],
    'one thing more': ['join', { room: 'lobby', more: 1 }],
    'a prototype': ['join', JSON.parse('{"room":"lobby","__proto__":{"role":"moderator"}}')],
    'a number for a name': ['join', { room: 7 }],
    'a position that is none': ['catchup', { room: 'lobby', after: { epoch: 'x', seq: -1 } }],
    'a fraction': ['read', { room: 'lobby', seq: 0.5 }],
    'an unknown command': ['command', { room: 'lobby', id: 'a'.repeat(16), body: { type: 'room.destroy' } }],
    'a short command id': ['command', { room: 'lobby', id: 'a', body: clear() }],
    'a text that is too long': [
      'command',
      { room: 'lobby', id: 'a'.repeat(16), body: post('x'.repeat(LIMITS.messageText + 1)) },
    ],
    'a stroke that is no stroke': [
      'command',
      { room: 'lobby', id: 'a'.repeat(16), body: { ...draw(STROKE), shape: { ...STROKE, kind: 'image' } } },
    ],
    'a colour that is markup': [
      'command',
      {
        room: 'lobby',
        id: 'a'.repeat(16),
        body: { ...draw(STROKE), shape: { ...STROKE, look: { ...STROKE.look, color: '"><script>' } } },
      },
    ],
    'an empty token': ['refresh', { token: '' }],
  };
  for (const [name, [order, ...args]] of Object.entries(orders)) {
    test(name, async t => {
      const { backend, peaceful } = await setUp(t);
      const eve = await Talker.enter(backend, { person: 'eve' });
      await eve.join('lobby');
      assert.equal(codeOf(await eve.askAnything(String(order), ...args)), 'invalid_input');
      assert.ok(eve.socket.connected);
      await peaceful();
    });
  }

  test('names that no room has', async t => {
    const { backend, peaceful } = await setUp(t);
    const eve = await Talker.enter(backend, { person: 'eve' });
    const names = [
      '',
      '../lobby',
      '%2flobby',
      'a:b',
      'a,b',
      'lobby\0',
      'lobby\r\n',
      'Lobby',
      'cafe\u0301',
      '__proto__',
    ];
    for (const room of [...names, 'globex/lobby', 'x'.repeat(65), 'x'.repeat(10_000)]) {
      assert.equal(codeOf(await eve.ask('join', { room })), 'invalid_input', JSON.stringify(room));
    }
    await peaceful();
  });
});

test('events that nobody listens to, and orders without an answer, do nothing', async t => {
  const { backend, ann, peaceful } = await setUp(t);
  const eve = await enterRaw(backend);
  for (const event of [
    '["error",{"message":"x"}]',
    '["error"]',
    '["newListenerX"]',
    '[7,"x"]',
    '["constructor"]',
    '["__proto__",{}]',
    '["join"]',
    '["join",{"room":"lobby"}]',
    '["command",{"room":"lobby","id":"aaaaaaaaaaaaaaaa","body":{"type":"message.post","text":"no answer wanted"}}]',
    '["l"]',
    '["l","x",["at",1,1]]',
    '["l",1,["at",1e999,1]]',
    '["l",1,["at",1]]',
    '["l",1,["ink","strokeE1","red",2,0,0,"!!"]]',
    '["l",1,["ink","strokeE1","red",2,99,0,"CC"]]',
    '["l",1,["ink","strokeE1"]]',
    '["l",1,{"0":"at"}]',
    '["l",-1]',
    '["l",99999,["at",1,1]]',
  ]) {
    eve.write(`2/v1,${event}`);
  }
  eve.write('3/v1,999[1]');
  eve.write('2/v1,0["join",{"room":"lobby"}]');
  // The first frame that anyone is sent is of the first step that is one.
  eve.write(`2/v1,["l",${eve.handle},["at",7,7]]`);
  const frame = await ann.frame();
  assert.deepEqual(
    frame.map(([, entry]) => entry),
    [['at', 7, 7]],
  );
  await peaceful();
});

test("a client's own object is never passed on", async t => {
  const { backend } = await setUp(t);
  const ann = await Talker.enter(backend, { person: 'ann' });
  await ann.join('lobby');
  const eve = await enterRaw(backend);
  const order = { room: 'lobby', id: 'eeeeeeeeeeeeeeee', body: draw(stroke({ id: 'strokeE1', points: 'CC' })) };
  // In the shape, and in each of its groups.
  const polluted = JSON.stringify(order).replaceAll(/"(shape|look|content)":\{/g, '"$1":{"__proto__":{"x":1},');
  eve.write(`2/v1,["command",${polluted}]`);
  await ann.draw('lobby', 'strokeB2');
  const { events } = await ann.hears('events', fact => fact.events.some(isDrawn));
  assert.ok(!JSON.stringify(events).includes('__proto__'));
});
