/**
 * What a timeline does about pages that fail, events that are not as they should be, and servers
 * that say what is not so.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { LIMITS } from '../../../protocol/limits.js';
import type { AnyEvent } from '../../../protocol/timeline/events.js';
import { stroke, withPoints } from '../../support/strokes.js';
import { type Client, follow, Origin, rest } from './followed-timeline.js';

const said = ({ timeline }: Client): string[] => [...(timeline.state?.messages.values() ?? [])].map(({ text }) => text);
const post = (origin: Origin, text: string): AnyEvent => origin.append({ type: 'message.posted', text });

/** A client that has all that there is. */
async function whole(origin: Origin, failing?: () => boolean): Promise<Client> {
  const client = follow(() => origin, failing);
  client.timeline.resume(origin.head);
  await rest(client, 1);
  assert.equal(client.complete, 1);
  return client;
}

/** What no type allows, and a broken server tells all the same. */
const broken = (event: object): AnyEvent => event as AnyEvent;

test('a page of catch-up that fails half-way is asked for again, from where the timeline has come', async () => {
  const origin = new Origin();
  let answers = Infinity;
  const client = await whole(origin, () => (answers -= 1) < 0);
  client.timeline.pause();
  for (let count = 0; count < 10; count += 1) post(origin, `${count}`);
  answers = 2;
  client.timeline.resume(origin.head);
  await rest(client, 3);
  assert.equal(client.timeline.state?.messages.size, 6, 'two pages of three');
  assert.equal(client.complete, 1);
  answers = Infinity;
  await rest(client, 5);
  assert.deepEqual(
    said(client),
    Array.from({ length: 10 }, (_, count) => `${count}`),
  );
  assert.equal(client.complete, 2);
  assert.equal(new Set(client.applied).size, 10);
});

test('what happens while pages are asked for is there in the end, once', async () => {
  const origin = new Origin();
  let asked = 0;
  const client = await whole(origin, () => {
    asked += 1;
    // At each page one more, told at once; and one that is not told.
    if (asked > 1 && asked < 6) {
      client.timeline.receive('one', [post(origin, `told ${asked}`)]);
      post(origin, `untold ${asked}`);
    }
    return false;
  });
  client.timeline.pause();
  for (let count = 0; count < 7; count += 1) post(origin, `${count}`);
  client.timeline.resume(origin.head);
  await rest(client, 8);
  assert.deepEqual(
    said(client),
    [...origin.state.messages.values()].map(({ text }) => text),
  );
  assert.equal(new Set(client.applied).size, client.applied.length);
});

test('events in reverse order, and twice, are applied in order, and once, and ask for nothing', async () => {
  const origin = new Origin();
  const client = await whole(origin);
  const events = ['1', '2', '3'].map(text => post(origin, text)).reverse();
  for (const event of events) client.timeline.receive('one', [event, event]);
  client.clock.advance(LIMITS.gapPatience);
  assert.deepEqual(said(client), ['1', '2', '3']);
  assert.equal(client.applied.length, 3);
  assert.deepEqual(client.asked, ['snapshot']);
});

test('a straggler of another epoch costs a snapshot, and nothing of it stays', async () => {
  const origin = new Origin('present');
  const past = new Origin('past');
  const client = await whole(origin);
  client.timeline.receive('present', [post(origin, 'before')]);
  client.timeline.receive('past', [post(past, 'of the past')]);
  client.timeline.receive('present', [post(origin, 'after')]);
  await rest(client, 4);
  assert.deepEqual(said(client), ['before', 'after']);
  assert.equal(client.timeline.state?.epoch, 'present');
});

test('a snapshot that is older than what was told meanwhile is led on by it', async () => {
  const origin = new Origin();
  post(origin, '1');
  const client = follow(() => origin);
  const old = origin.snapshot();
  origin.snapshot = () => old;
  client.timeline.resume(origin.head);
  client.timeline.receive('one', [post(origin, '2')]);
  client.timeline.receive('one', [post(origin, '3')]);
  await rest(client, 2);
  assert.deepEqual(said(client), ['1', '2', '3']);
  assert.deepEqual(client.asked, ['snapshot']);
});

test('all that can change comes with the tail: a partial shape, its completion, erasing, undoing, clearing, a name', async () => {
  const origin = new Origin();
  const client = await whole(origin);
  client.timeline.pause();
  const [half, erased, undone, last] = [stroke(), stroke(), stroke(), stroke()];
  origin.page = 1;
  origin.append({ type: 'person.entered', person: { id: 'ann', name: 'Ann' } });
  origin.append({ type: 'shape.drawn', shape: half, partial: true });
  origin.append({ type: 'shape.drawn', shape: erased });
  origin.append({ type: 'shapes.erased', shapes: [erased.id] });
  const drawn = origin.append({ type: 'shape.drawn', shape: undone });
  origin.append({ type: 'command.undone', of: drawn.seq, shapes: 1 });
  origin.append({ type: 'shape.completed', shape: withPoints(half, `${half.content.points}CC`) });
  origin.append({ type: 'person.entered', person: { id: 'ann', name: 'Ann B.' } });
  client.timeline.resume(origin.head);
  await rest(client, 12);
  assert.deepEqual(client.timeline.state, origin.state);
  assert.deepEqual(client.asked.slice(1), Array(8).fill('tail'));
  origin.append({ type: 'board.cleared' });
  client.timeline.resume(origin.head);
  await rest(client, 2);
  origin.append({ type: 'shape.drawn', shape: last });
  client.timeline.resume(origin.head);
  await rest(client, 2);
  assert.deepEqual(client.timeline.state, origin.state);
});

test('one event that makes no sense costs a snapshot, and no more', async () => {
  for (const nonsense of [
    { type: 'shape.drawn', shape: null },
    { type: 'shapes.erased' },
    { type: 'command.undone', of: {}, shapes: 'all' },
  ]) {
    const origin = new Origin();
    const client = await whole(origin);
    const event = post(origin, '1');
    client.timeline.receive('one', [broken({ ...event, ...nonsense })]);
    client.timeline.receive('one', [post(origin, '2')]);
    await rest(client, 4);
    assert.deepEqual(said(client), ['1', '2'], nonsense.type);
    assert.equal(client.asked.filter(what => what === 'snapshot').length, 2);
    assert.deepEqual(client.refused, []);
  }
});

test('events of a known type that make no sense again and again end it with a reason: the server is broken', async () => {
  const origin = new Origin();
  const client = await whole(origin);
  for (let count = 0; count < 10; count += 1) {
    client.timeline.receive('one', [broken({ ...post(origin, '1'), type: 'shapes.erased' })]);
    await rest(client, 3);
  }
  assert.deepEqual(
    client.refused.map(({ code }) => code),
    ['protocol_unsupported'],
  );
  assert.equal(client.asked.length, 4, 'a snapshot at first, and for three of them');
  assert.equal(client.reported.length, 4);
});

test('events of a type that is not known pass, told or in a tail, and the state is marked as newer for good', async () => {
  const origin = new Origin();
  const client = await whole(origin);
  assert.equal(client.timeline.state?.newer, false);
  for (let count = 0; count < 10; count += 1) {
    client.timeline.receive('one', [origin.append({ type: 'shape.polished', shapes: 7 }), post(origin, `${count}`)]);
  }
  await rest(client, 2);
  assert.equal(said(client).length, 10);
  assert.equal(client.timeline.state.newer, true);
  client.timeline.pause();
  origin.append({ type: 'message.starred' });
  post(origin, 'away');
  client.timeline.resume(origin.head);
  await rest(client, 4);
  assert.equal(said(client).at(-1), 'away');
  assert.deepEqual([client.refused, client.reported], [[], []]);
  assert.deepEqual(client.asked, ['snapshot', 'tail']);
  // A snapshot does not say what was passed.
  client.timeline.pause();
  origin.far = 0;
  post(origin, 'far away');
  client.timeline.resume(origin.head);
  await rest(client, 4);
  assert.deepEqual(client.asked.slice(2), ['tail', 'snapshot']);
  assert.equal(client.timeline.state.newer, true);
});

test('where something was erased for good a snapshot is taken, and nothing older is carried over', async () => {
  for (const find of ['by joining', 'by a tail'] as const) {
    const origin = new Origin();
    const client = await whole(origin);
    for (const text of ['1', '2', '3']) client.timeline.receive('one', [post(origin, text)]);
    client.timeline.pause();
    const { redactions: before } = origin.head;
    // The first message is gone, and a snapshot has only the newest.
    const snapshot = origin.snapshot();
    origin.snapshot = () => ({ ...snapshot, redactions: before + 1, messages: snapshot.messages.slice(2), more: true });
    const told = { ...origin.head, redactions: before + 1 };
    if (find === 'by a tail') {
      origin.tail = () => ({ reset: false, events: [], head: told });
      client.timeline.resume({ ...origin.head, seq: origin.head.seq + 1 });
    } else client.timeline.resume(told);
    await rest(client, 1);
    client.timeline.pause();
    assert.deepEqual(said(client), ['3'], find);
    assert.equal(client.timeline.state?.redactions, before + 1);
    assert.deepEqual(client.asked.slice(1, 3), find === 'by joining' ? ['snapshot'] : ['tail', 'snapshot']);
  }
});

test('a tail that makes no sense is given up for a snapshot', async () => {
  for (const nonsense of [{}, { reset: false, events: [null], head: { epoch: 'one', seq: 9 } }, { reset: false }]) {
    const origin = new Origin();
    const client = await whole(origin);
    origin.tail = () => nonsense as ReturnType<Origin['tail']>;
    post(origin, '1');
    client.timeline.resume(origin.head);
    await rest(client, 4);
    assert.deepEqual(said(client), ['1']);
  }
});

test('what was told and leads nowhere is forgotten after a second look, and all goes on', async () => {
  for (const lie of [
    { seq: Number.MAX_SAFE_INTEGER, prev: 1_000 },
    { seq: NaN, prev: NaN },
    { seq: '7', prev: '6' },
    { seq: 100, prev: 200 },
  ]) {
    const origin = new Origin();
    const client = await whole(origin);
    client.timeline.receive('one', [broken({ ...post(origin, '1'), ...lie })]);
    await rest(client, 12);
    assert.equal(client.complete, 2, JSON.stringify(lie));
    assert.ok(client.asked.length <= 6, 'bounded');
    client.timeline.receive('one', [post(origin, '2')]);
    await rest(client, 2);
    assert.deepEqual(said(client), ['1', '2']);
  }
});

test('more events at once than are kept waiting are asked for', async () => {
  const origin = new Origin();
  origin.page = LIMITS.eventsPerPage;
  const client = await whole(origin);
  const events = Array.from({ length: LIMITS.eventsToCatchUp + 100 }, (_, number) => post(origin, `${number}`));
  client.timeline.receive('one', events.slice(1));
  client.timeline.receive('one', events.slice(0, 1));
  await rest(client, 3);
  assert.deepEqual(client.timeline.state, origin.state);
  assert.equal(new Set(client.applied).size, events.length);
});
