/**
 * Several people in one room, over a network that reorders, doubles, loses and cuts, with pages that are loaded again: when all is
 * delivered everyone shows what the server has, and everything that was given is there once or was refused and told.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import fc from 'fast-check';

import type { CommandBody } from '../../../protocol/timeline/commands.js';
import { holds } from '../../support/properties/holds.js';
import { sizes, steps, stepsWithRestores } from '../../support/properties/merge-steps.js';
import { shown } from '../../support/properties/shown.js';
import type { SimulatedClient } from '../../support/properties/simulated-client.js';
import { SimulatedWorld } from '../../support/properties/simulated-world.js';

const ENDINGS = ['something more is said', 'all come anew'] as const;

test('everyone ends with the same, and all that was given is there once or was refused and told', t =>
  holds(
    t,
    fc.asyncProperty(steps(80), sizes, fc.constantFrom(...ENDINGS), async (script, size, ending) => {
      const world = new SimulatedWorld(size);
      for (const step of script) await world.take(step);
      if (ending === 'all come anew') for (const { client } of world.pages) client.cut();
      await comeToTheEnd(world);
      await assertAgreement(world);
      assertNothingLostOrDoubled(world);
    }),
    { runs: 200 },
  ));

test('at any moment: what a person said is before their eyes, once, until it is on the timeline', t =>
  holds(
    t,
    fc.asyncProperty(steps(60), sizes, async (script, size) => {
      const world = new SimulatedWorld(size);
      for (const step of script) {
        await world.take(step);
        const kept = new Set(world.server.room.whole.messages.map(({ text }) => text));
        for (const { id } of new Set(world.pages.map(({ client }) => client.actor.person))) {
          const own = world.pages.filter(({ client }) => client.actor.person.id === id);
          // What a page left is taken up when it is known again whose it is.
          if (!own.every(({ client }) => client.isKnown)) continue;
          const local = own.flatMap(({ client }) => client.record.messages.filter(({ state }) => state !== 'sent'));
          const texts = local.map(({ text }) => text);
          const open = own.flatMap(({ said }) => said.filter(text => !kept.has(text)));
          assert.deepEqual(texts.filter(text => !kept.has(text)).sort(), open.sort());
        }
        for (const { client } of world.pages) {
          const { messages, board } = client.record;
          assert.equal(new Set(messages.map(({ key }) => key)).size, messages.length, 'no two messages have one key');
          assert.equal(
            new Set([...board.shapes].map(([id, shape]) => (id === shape.id ? id : ''))).size,
            board.shapes.size,
          );
        }
      }
    }),
    { runs: 100 },
  ));

test('a server that is set back, under another epoch, is followed by all, and nothing is mixed or doubled', t =>
  holds(
    t,
    fc.asyncProperty(stepsWithRestores(60), sizes, async (script, size) => {
      const world = new SimulatedWorld(size);
      for (const step of script) await world.take(step);
      await comeToTheEnd(world);
      await assertAgreement(world);
      const kept = world.server.room.whole.messages.map(({ text }) => text);
      assert.equal(new Set(kept).size, kept.length, 'no message is there twice');
    }),
    { runs: 100 },
  ));

async function comeToTheEnd(world: SimulatedWorld): Promise<void> {
  await world.settle();
  // What was lost last is noticed when something follows it.
  await world.take({ do: 'say', page: 2 });
  await world.settle();
}

/** Everyone shows the server's timeline, whole and in its order, and nothing else but what failed. */
async function assertAgreement(world: SimulatedWorld): Promise<void> {
  const { whole } = world.server.room;
  const messages = whole.messages.map(({ seq, text, at, by }) => ({ seq, text, at, person: whole.people.get(by) }));
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
    assert.equal(record.waiting, 0);
  }
}

function assertNothingLostOrDoubled({ server, pages }: SimulatedWorld): void {
  const { whole, events, accepted } = server.room;
  const kept = whole.messages.map(({ text }) => text);
  assert.equal(new Set(kept).size, kept.length, 'no message is there twice');
  const failed = pages.flatMap(({ client }) => {
    return client.record.messages.flatMap(({ state, text }) => (state === 'failed' ? [text] : []));
  });
  assert.deepEqual([...kept, ...failed].sort(), pages.flatMap(({ said }) => said).sort(), 'each is there, or failed');
  for (const { client, said } of pages) {
    // What one tab leaves the other may say later.
    if (pages.filter(({ client: { actor } }) => actor === client.actor).length > 1) continue;
    const arrived = kept.filter(text => said.includes(text));
    assert.deepEqual(
      arrived,
      said.filter(text => kept.includes(text)),
      'in the order of writing',
    );
  }

  const drawn = events.flatMap(event => {
    const isDrawing = event.type === 'shape.drawn' || event.type === 'shape.completed';
    return isDrawing && !event.partial ? [event.stroke.points] : [];
  });
  assert.equal(new Set(drawn).size, drawn.length, 'no stroke is there twice');

  const drawnBy = (id: string): number =>
    events.filter(({ command, type }) => command === id && type !== 'person.entered').length;
  for (const { client } of pages) {
    for (const [id, body] of client.sent) {
      assert.ok(drawnBy(id) <= 1, 'a command is one event at most');
      if (accepted.some(command => command.id === id)) continue;
      const isDrawn = body.type === 'shape.draw' && drawn.includes(body.stroke.points);
      assert.ok(
        isDrawn ||
          isTold(
            pages.map(page => page.client),
            body,
          ),
        `${body.type} is neither kept nor refused`,
      );
    }
  }
}

/** Whether somebody was told that the command is refused. */
function isTold(clients: readonly SimulatedClient[], body: CommandBody): boolean {
  return clients.some(({ refused }) => refused.some(each => JSON.stringify(each.body) === JSON.stringify(body)));
}
