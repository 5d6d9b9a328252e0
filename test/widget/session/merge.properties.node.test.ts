/**
 * Several people in one room, over a network that reorders, doubles, loses and cuts, with pages
 * that are loaded again: when all is delivered everyone shows what the server has, and everything
 * that was given is there once or was refused and told.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import fc from 'fast-check';

import { isPassing } from '../../../protocol/errors.js';
import type { CommandBody } from '../../../protocol/timeline/commands/index.js';
import { isCompleted, isDrawn } from '../../support/commands.js';
import { holds } from '../../support/properties/holds.js';
import { sizes, steps, stepsWithRestores } from '../../support/properties/merge-steps.js';
import { shown } from '../../support/properties/shown.js';
import { type Page, SimulatedWorld } from '../../support/properties/simulated-world.js';

const ENDINGS = ['something more is said', 'all come anew'] as const;

test('everyone ends with the same, and all that was given is there once or was refused and told', t =>
  holds(
    t,
    fc.asyncProperty(steps(80), sizes, fc.constantFrom(...ENDINGS), async (script, size, ending) => {
      const world = new SimulatedWorld(size);
      for (const step of script) await world.take(step);
      if (ending === 'all come anew') {
        for (const { client } of world.pages) client.cut();
        await world.settle();
        await assertAgreement(world);
      }
      await sayMore(world);
      await assertAgreement(world);
      assertNothingLostOrDoubled(world);
      assertOrderOfGiving(world);
    }),
    { runs: 500 },
  ));

test('at any moment: what a person said is before their eyes', t =>
  holds(
    t,
    fc.asyncProperty(steps(60), sizes, async (script, size) => {
      const world = new SimulatedWorld(size);
      for (const step of script) {
        await world.take(step);
        for (const own of pagesByPerson(world)) assertInSight(world, own);
        for (const { client } of world.pages) {
          const { messages, board } = client.record;
          assert.equal(new Set(messages.map(({ key }) => key)).size, messages.length, 'no two messages have one key');
          // A snapshot does not tell whether a message in it is one that waits for its answer.
          const told = messages.filter(({ seq = Infinity }) => seq > client.leapt).map(({ text }) => text);
          assert.equal(new Set(told).size, told.length, 'nothing is shown twice');
          for (const [id, shape] of board.shapes) assert.equal(shape.id, id);
        }
      }
    }),
    { runs: 500 },
  ));

test('a server that is set back, under another epoch, is followed by all, and nothing is mixed or doubled', t =>
  holds(
    t,
    fc.asyncProperty(stepsWithRestores(60), sizes, async (script, size) => {
      const world = new SimulatedWorld(size);
      for (const step of script) await world.take(step);
      await sayMore(world);
      await assertAgreement(world);
      const kept = [...world.server.room.whole.messages.values()].map(({ text }) => text);
      assert.equal(new Set(kept).size, kept.length, 'no message is there twice');
    }),
    { runs: 400 },
  ));

/** What was lost last is noticed when something follows it. */
async function sayMore(world: SimulatedWorld): Promise<void> {
  await world.settle();
  await world.take({ do: 'say', page: 2 });
  await world.settle();
}

/** The pages of each person. */
function pagesByPerson({ pages }: SimulatedWorld): readonly (readonly Page[])[] {
  const people = new Set(pages.map(({ client }) => client.actor));
  return [...people].map(person => pages.filter(({ client }) => client.actor === person));
}

const textsOf = ({ given }: Page): readonly string[] =>
  given.flatMap(({ is, content }) => (is === 'message' ? [content] : []));

/**
 * Each message is among those that are on their way or failed, once, until a page has come to where
 * it is on the timeline.
 */
function assertInSight({ server }: SimulatedWorld, own: readonly Page[]): void {
  // What a page left is taken up when it is known again whose it is.
  if (!own.every(({ client }) => client.isKnown)) return;
  const seqs = new Map([...server.room.whole.messages.values()].map(({ text, seq }) => [text, seq]));
  const reached = Math.max(...own.map(({ client }) => client.record.state?.seq ?? -1));
  const local = own.flatMap(({ client: { record } }) => {
    return record.messages.flatMap(({ state, text }) => (state === 'sent' ? [] : [text]));
  });
  // What was acknowledged to a page that is gone comes with the state of the next one.
  const isLoaded = own.every(({ client }) => client.record.state !== undefined);
  for (const text of own.flatMap(textsOf)) {
    const seq = seqs.get(text);
    if (seq !== undefined && (seq <= reached || !isLoaded)) continue;
    assert.equal(local.filter(each => each === text).length, 1, text);
  }
}

/**
 * Everyone shows the server's timeline, whole and in its order, and nothing else but what failed.
 */
async function assertAgreement(world: SimulatedWorld): Promise<void> {
  const { whole } = world.server.room;
  const messages = [...whole.messages.values()].map(({ seq, text, at, by }) => ({
    seq,
    text,
    at,
    person: whole.people.get(by),
  }));
  for (const { client } of world.pages) {
    const { record, stopped, faults } = client;
    assert.deepEqual([stopped, faults], [undefined, []]);
    while (record.history.more) {
      const loaded = record.history.load();
      await world.settle();
      await loaded;
    }
    assert.ok(record.state);
    assert.equal(record.state.epoch, whole.epoch);
    assert.deepEqual(shown(record.state), shown(whole));
    assert.deepEqual([...record.board.shapes.values()], shown(whole).shapes);
    const sent = record.messages.filter(({ state }) => state !== 'failed');
    assert.deepEqual(
      sent.map(({ seq, text, at, person }) => ({ seq, text, at, person })),
      messages,
    );
    assert.equal(record.own.waiting, 0);
  }
}

function assertNothingLostOrDoubled({ server, pages }: SimulatedWorld): void {
  const { whole, events, accepted } = server.room;
  const kept = [...whole.messages.values()].map(({ text }) => text);
  assert.equal(new Set(kept).size, kept.length, 'no message is there twice');
  const failed = pages.flatMap(({ client }) => {
    return client.record.messages.flatMap(({ state, text }) => (state === 'failed' ? [text] : []));
  });
  assert.deepEqual([...kept, ...failed].sort(), pages.flatMap(textsOf).sort(), 'each is there, or failed');

  const drawn = strokesOn(server);
  assert.equal(new Set(drawn).size, drawn.length, 'no stroke is there twice');

  const codes = pages.flatMap(({ client }) => client.refused.map(({ refusal }) => refusal.code));
  assert.ok(!codes.some(isPassing), 'what may succeed later is tried again');
  assert.ok(!codes.includes('shape_id_taken'), 'a stroke whose id is taken gets another one');
  const refused = new Set(pages.flatMap(({ client }) => client.refused.map(({ body }) => JSON.stringify(body))));
  const isSettled = (body: CommandBody): boolean =>
    (body.type === 'shape.draw' && drawn.includes(body.shape.content.points)) || refused.has(JSON.stringify(body));
  for (const [id, body] of pages.flatMap(({ client }) => [...client.sent])) {
    const facts = events.filter(({ command, type }) => command === id && type !== 'person.entered');
    assert.ok(facts.length <= 1, 'a command is one event at most');
    const isKept = accepted.some(command => command.id === id);
    assert.ok(isKept || isSettled(body), `${body.type} is neither kept nor refused`);
  }
}

/** The points of all strokes that were finished, in order. */
function strokesOn({ room }: SimulatedWorld['server']): readonly string[] {
  return room.events.flatMap(event => {
    const isDrawing = isDrawn(event) || isCompleted(event);
    return isDrawing && !event.partial ? [event.shape.content.points] : [];
  });
}

/** What one page gave is there in its order; strokes alone may overtake each other. */
function assertOrderOfGiving(world: SimulatedWorld): void {
  const places = new Map<string, number>();
  for (const { seq, text } of world.server.room.whole.messages.values()) places.set(text, seq);
  for (const event of world.server.room.events) {
    if (isDrawn(event) || isCompleted(event)) places.set(event.shape.content.points, event.seq);
  }
  for (const own of pagesByPerson(world)) {
    const [page, ...others] = own;
    // What one tab leaves the other may give later.
    if (!page || others.length > 0) continue;
    // What was given again under another id lies where it was given again.
    const drawnAgain = new Set(
      page.client.drawn.filter((points, index) => page.client.drawn.indexOf(points) !== index),
    );
    const arrived = page.given.flatMap(({ is, content }) => {
      const seq = places.get(content);
      return seq === undefined || drawnAgain.has(content) ? [] : [{ is, seq }];
    });
    let [lastMessage, last] = [0, 0];
    for (const { is, seq } of arrived) {
      assert.ok(seq > (is === 'message' ? last : lastMessage), 'in the order of giving');
      last = Math.max(last, seq);
      if (is === 'message') lastMessage = seq;
    }
  }
}
