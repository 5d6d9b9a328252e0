/**
 * A page that still runs the script of version 1 talks and draws on beside pages of the present
 * one.
 */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';

import { encodeTimes } from '../../../protocol/ink.js';
import { newCommandId, newShapeId } from '../../../protocol/names.js';
import { type Backend, ORIGIN, startBackend } from '../../support/backend.js';
import { draw, erase, post } from '../../support/commands.js';
import { LATER_KINDS, stamp } from '../../support/later-version.js';
import { stroke } from '../../support/strokes.js';
import { Talker } from '../../support/talker.js';

const ROOM = 'open-house';
const DRAW = { type: draw(stroke()).type };

/** A stroke in the words of version 1. */
const flatStroke = (id = newShapeId()) => {
  return { id, kind: 'stroke', color: 'blue', width: 4, scale: -2, pressure: false, points: 'AACCEE' } as const;
};

async function enterIn(backend: Backend, protocol: number, person: string): Promise<Talker> {
  const talker = new Talker(backend.connect({ token: await backend.token({ person }), protocol }));
  await talker.hears('welcome');
  await talker.join(ROOM);
  return talker;
}

async function meet(t: TestContext) {
  const backend = await startBackend(t, { kinds: LATER_KINDS });
  return { backend, old: await enterIn(backend, 1, 'old'), present: await enterIn(backend, 2, 'present') };
}

const order = (body: object) => ({ room: ROOM, id: newCommandId(), body });

test('what it draws is kept and told as shapes are now, and what others draw is told as it knows it', async t => {
  const { old, present } = await meet(t);
  const drawn = flatStroke();
  const answer = await old.askAnything('command', order({ ...DRAW, stroke: drawn }));
  assert.deepEqual(answer, { ok: true, seq: 2 });
  const [, told] = (await present.hears('events')).events;
  const { id, kind, color, width, scale, pressure, points } = drawn;
  const shape = { id, kind, look: { color, width }, content: { scale, pressure, points } };
  assert.deepEqual(
    { ...told, at: 0, command: '' },
    { seq: 2, prev: 1, by: 1, at: 0, command: '', ...draw(shape), type: told?.type },
  );
  const [, own] = (await old.hears('events')).events;
  assert.deepEqual(Reflect.get(own ?? {}, 'stroke'), drawn);
  assert.equal(Reflect.has(own ?? {}, 'shape'), false);

  const other = stroke();
  await present.askAnything('command', { ...order(draw(other, { times: encodeTimes([0, 8, 16]) })), waited: 5_000 });
  const { events } = await old.hears('events', ({ events }) => events.some(({ seq }) => seq === 4));
  const { at, command, type, ...rest } = events.at(-1) ?? assert.fail();
  assert.ok(at > 0 && command !== '' && type === own?.type);
  const { look, content } = other;
  const flat = { id: other.id, kind: 'stroke', ...look, ...content };
  assert.deepEqual(rest, { seq: 4, prev: 3, by: 2, stroke: flat }, 'nothing that it does not know');
});

test('what it can not know is told as an erasing of nothing, live, in the tail and in snapshots', async t => {
  const { backend, old, present } = await meet(t);
  await present.askAnything('command', order({ type: 'dice.roll', wish: 3 }));
  await present.askAnything('command', order(draw(stroke({ points: 'AACC' }))));
  const star = stamp(newShapeId(), 1, 2);
  await present.askAnything('command', order({ ...draw(stroke()), shape: star }));
  await present.askAnything('command', order(post('hello')));
  await old.hears('events', ({ events }) => events.some(({ seq }) => seq === 5));
  const nothing = erase([]).shapes;
  const heard = await old.askAnything('catchup', { room: ROOM, after: { epoch: await epochOf(present), seq: 0 } });
  const events = heard.ok ? (Reflect.get(heard, 'events') as readonly Record<string, unknown>[]) : [];
  assert.deepEqual(
    events.map(({ seq, shapes, stroke: drawn, text }) => [seq, shapes ?? (drawn ? 'stroke' : (text ?? 'person'))]),
    [
      [1, 'person'],
      [2, nothing],
      [3, 'stroke'],
      [4, nothing],
      [5, 'hello'],
    ],
  );

  const token = await backend.token({ person: 'old' });
  const url = `${backend.address()}/v1/sites/acme/rooms/${ROOM}/snapshot`;
  const read = async (query: string) => {
    const response = await fetch(url + query, { headers: { authorization: `Bearer ${token}`, origin: ORIGIN } });
    return (await response.json()) as { shapes: readonly Record<string, unknown>[]; settings?: unknown };
  };
  const former = await read('');
  assert.deepEqual(
    former.shapes.map(({ seq, since, points, look }) => [seq, since, points, look]),
    [[3, 3, 'AACC', undefined]],
  );
  assert.equal('settings' in former, false);
  const now = await read('?protocol=2');
  assert.deepEqual(
    now.shapes.map(({ seq, kind, since }) => [seq, kind, since]),
    [
      [3, 'stroke', undefined],
      [4, 'stamp', undefined],
    ],
  );
});

test('what is nonsense in version 1 is refused, and no version but these is spoken', async t => {
  const { backend, old } = await meet(t);
  for (const body of [
    { ...DRAW },
    { ...DRAW, stroke: null },
    { ...DRAW, stroke: { ...flatStroke(), id: 'x' } },
    { ...DRAW, stroke: { ...flatStroke(), more: 1 } },
    { ...DRAW, stroke: [] },
    'text',
    null,
  ]) {
    const answer = await old.askAnything('command', { room: ROOM, id: newCommandId(), body });
    assert.equal(answer.ok || answer.error.code, 'invalid_input', JSON.stringify(body));
  }
  for (const protocol of [0, 3]) {
    const talker = new Talker(backend.connect({ token: await backend.token(), protocol }));
    assert.equal((await talker.refused())?.code, 'protocol_unsupported');
  }
});

async function epochOf(talker: Talker): Promise<string> {
  return (await talker.join(ROOM)).head.epoch;
}
