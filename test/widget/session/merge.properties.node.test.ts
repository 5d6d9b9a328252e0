/**
 * Several people in one room, over a network that reorders, doubles, loses and cuts, with pages that are loaded again: when all is
 * delivered everyone shows what the server has, and everything that was given is there once or was refused and told.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import fc from 'fast-check';

import { encodeInk } from '../../../protocol/ink.js';
import type { CommandBody } from '../../../protocol/timeline/commands.js';
import { holds } from '../../support/properties/holds.js';
import { shown } from '../../support/properties/shown.js';
import { SimulatedClient } from '../../support/properties/simulated-client.js';
import { SimulatedServer } from '../../support/properties/simulated-server.js';
import { CAST, shapeId, strokeOf } from '../../support/properties/story.js';

/** Who is there: one of them on two devices. */
const PEOPLE = [CAST.ann, CAST.ann, CAST.ben, CAST.mo, CAST.vic] as const;

type Step =
  | { readonly do: 'say' | 'clear' | 'undo' | 'redo' | 'connect' | 'cut'; readonly who: number }
  | { readonly do: 'draw' | 'vanish'; readonly who: number; readonly shape: number }
  | { readonly do: 'erase'; readonly who: number; readonly place: number }
  | { readonly do: 'carry' | 'lose' | 'double'; readonly who: number; readonly place: number }
  | { readonly do: 'reload'; readonly who: number; readonly isTold: boolean }
  | { readonly do: 'wait'; readonly who: number; readonly ms: number }
  | { readonly do: 'turn' | 'fail' }
  | { readonly do: 'restore'; readonly place: number };

const who = fc.nat({ max: PEOPLE.length - 1 });
const place = fc.nat({ max: 6 });
const shape = fc.nat({ max: 5 });
const is = <Kind extends string>(...kinds: readonly Kind[]): fc.Arbitrary<Kind> => fc.constantFrom(...kinds);

const WORK: readonly fc.WeightedArbitrary<Step>[] = [
  { weight: 5, arbitrary: fc.record({ do: is('say'), who }) },
  { weight: 6, arbitrary: fc.record({ do: is('draw'), who, shape }) },
  { weight: 2, arbitrary: fc.record({ do: is('vanish'), who, shape }) },
  { weight: 3, arbitrary: fc.record({ do: is('erase'), who, place }) },
  { weight: 1, arbitrary: fc.record({ do: is('clear'), who }) },
  { weight: 5, arbitrary: fc.record({ do: is('undo', 'undo', 'redo'), who }) },
];
const WEATHER: readonly fc.WeightedArbitrary<Step>[] = [
  {
    weight: 16,
    arbitrary: fc.record({ do: is('carry', 'carry', 'carry', 'carry', 'carry', 'lose', 'double'), who, place }),
  },
  { weight: 8, arbitrary: fc.record({ do: is('turn', 'turn', 'turn', 'turn', 'fail') }) },
  { weight: 4, arbitrary: fc.record({ do: is('connect', 'connect', 'cut'), who }) },
  { weight: 1, arbitrary: fc.record({ do: is('reload'), who, isTold: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ do: is('wait'), who, ms: fc.constantFrom(100, 600, 3_000, 12_000) }) },
];
const RESTORING: fc.WeightedArbitrary<Step> = {
  weight: 1,
  arbitrary: fc.record({ do: is('restore'), place: fc.nat({ max: 30 }) }),
};

/** A server's pages, and how far behind a tail is still given. */
const sizes = fc.record({ page: fc.integer({ min: 1, max: 6 }), far: fc.integer({ min: 1, max: 30 }) });

class World {
  readonly server: SimulatedServer;
  readonly clients: readonly SimulatedClient[];
  /** Texts by client, in the order in which they were given. */
  readonly said: string[][] = PEOPLE.map(() => []);
  /** How many of them were given before the present page was loaded. */
  readonly #saidBefore: number[] = [];
  #count = 0;

  constructor(options: { readonly page: number; readonly far: number }) {
    this.server = new SimulatedServer(options);
    this.clients = PEOPLE.map(actor => new SimulatedClient(actor, this.server));
  }

  client(index: number): SimulatedClient {
    return this.clients[index] ?? assert.fail();
  }

  async take(step: Step): Promise<void> {
    this.#do(step);
    await quiet();
    for (const client of this.clients) {
      assert.deepEqual(client.faults, []);
      const { messages, board, undoHistory } = client.record;
      assert.ok(board.shapes.size >= 0 && typeof undoHistory.canUndo === 'boolean');
      assert.equal(new Set(messages.map(({ key }) => key)).size, messages.length, 'no two messages have one key');
    }
  }

  #do(step: Step): void {
    switch (step.do) {
      case 'turn':
        return this.server.turn();
      case 'fail':
        return this.server.fail();
      case 'restore':
        for (const client of this.clients) client.cut();
        return this.server.restore(step.place);
      default:
    }
    const client = this.client(step.who);
    const { record, letters } = client;
    const place = 'place' in step ? step.place % Math.max(1, letters.length) : 0;
    switch (step.do) {
      case 'say': {
        const text = `said ${(this.#count += 1)}`;
        this.said[step.who]?.push(text);
        record.give({ type: 'message.post', text });
        break;
      }
      case 'draw': {
        record.do({ type: 'shape.draw', stroke: strokeOf(step.shape, this.#points()) });
        break;
      }
      case 'vanish': {
        const body = { type: 'shape.keep', stroke: strokeOf(step.shape, 'AA') } as const;
        const id = `keep-${(this.#count += 1)}`;
        this.server.arrive({ actor: client.actor, command: { id, body }, answer: () => undefined });
        break;
      }
      case 'erase': {
        const ids = [...record.board.shapes.keys()];
        const named = ids[step.place % Math.max(1, ids.length)] ?? shapeId(step.place);
        record.do({ type: 'shapes.erase', shapes: [named] });
        break;
      }
      case 'clear':
        return record.do({ type: 'board.clear' });
      case 'undo':
      case 'redo':
        return record.undoHistory[step.do]();
      case 'connect':
      case 'cut':
        return client[step.do]();
      case 'reload': {
        const said = this.said[step.who];
        // What is given before it is known who gives it is nobody's, and kept nowhere.
        if (!client.isKnown) said?.splice(this.#saidBefore[step.who] ?? 0);
        this.#saidBefore[step.who] = said?.length ?? 0;
        return client.reload(step.isTold);
      }
      case 'wait':
        return client.clock.advance(step.ms);
      case 'carry':
        return letters.splice(place, 1)[0]?.deliver();
      case 'lose':
        letters.splice(place, 1);
        break;
      case 'double':
        letters.push(...letters.slice(place, place + 1));
    }
  }

  /** Points that no other stroke has; those that the server keeps of an unfinished one begin alike. */
  #points(): string {
    this.#count += 1;
    return encodeInk(
      [
        { x: 0, y: 0 },
        { x: this.#count, y: 1 },
      ],
      { scale: -2, pressure: false },
    );
  }

  /** Fair weather, until nothing moves any more. */
  async settle(): Promise<void> {
    for (let round = 0; round < 1_000; round += 1) {
      for (const client of this.clients) client.connect();
      await quiet();
      const moving = this.clients.flatMap(({ letters }) => letters.splice(0));
      for (const { deliver } of moving) deliver();
      this.server.turn();
      await quiet();
      if (moving.length > 0) continue;
      if (this.clients.every(({ clock }) => clock.waiting === 0)) return;
      for (const { clock } of this.clients) clock.advance(2_000);
    }
    assert.fail('something never comes to rest');
  }
}

/** Lets go on what waits for nothing but its turn. */
const quiet = (): Promise<void> => new Promise(resolve => setImmediate(resolve));

async function play(
  steps: readonly Step[],
  options: { readonly page: number; readonly far: number },
  ending: 'all come anew' | 'something more is said',
): Promise<World> {
  const world = new World(options);
  for (const client of world.clients) client.connect();
  for (const step of steps) await world.take(step);
  if (ending === 'all come anew') for (const client of world.clients) client.cut();
  await world.settle();
  // Even what was lost last is noticed when something follows it.
  await world.take({ do: 'say', who: 2 });
  await world.settle();
  return world;
}

async function assertAgreement(world: World): Promise<void> {
  const { whole } = world.server.room;
  for (const { record, stopped, faults } of world.clients) {
    assert.deepEqual([stopped, faults], [undefined, []]);
    while (record.history.more) {
      const loaded = record.history.load();
      await world.settle();
      await loaded;
    }
    assert.ok(record.state);
    assert.deepEqual(shown(record.state), shown(whole));
    assert.equal(record.state.epoch, whole.epoch);
    const sent = record.messages.filter(({ state }) => state === 'sent');
    assert.deepEqual(
      sent.map(({ seq, text, at, person }) => ({ seq, text, at, person })),
      whole.messages.map(({ seq, text, at, by }) => ({ seq, text, at, person: whole.people.get(by) })),
    );
    assert.deepEqual([...record.board.shapes.values()], shown(whole).shapes);
    assert.equal(record.waiting, 0);
    assert.ok(record.messages.every(({ state }) => state !== 'pending'));
  }
}

test('everyone ends with the same, and all that was given is there once or was refused and told', t =>
  holds(
    t,
    fc.asyncProperty(
      fc.array(fc.oneof(...WORK, ...WEATHER), { maxLength: 80, size: 'max' }),
      sizes,
      fc.constantFrom('all come anew' as const, 'something more is said' as const),
      async (steps, options, ending) => {
        const world = await play(steps, options, ending);
        await assertAgreement(world);
        const { room } = world.server;
        const kept = room.whole.messages.map(({ text }) => text);
        const drawn = room.events.flatMap(event => {
          return event.type === 'shape.drawn' || event.type === 'shape.completed' ? [event.stroke.points] : [];
        });
        for (const [index, client] of world.clients.entries()) {
          const own = world.said[index] ?? [];
          const failed = client.record.messages.flatMap(({ state, text }) => (state === 'failed' ? [text] : []));
          const arrived = kept.filter(text => own.includes(text));
          assert.deepEqual([...arrived, ...failed].sort(), [...own].sort(), 'each message is there once, or failed');
          assert.deepEqual(
            arrived,
            own.filter(text => kept.includes(text)),
            'in the order of writing',
          );
          for (const [id, body] of client.sent) assertOutcome(world, client, id, body);
        }
        const unfinished = drawn.filter(points => points !== 'AA');
        assert.equal(new Set(unfinished).size, unfinished.length, 'no stroke is there twice');
      },
    ),
    { runs: 150 },
  ));

/** The command is on the timeline, once; or it was refused, and its author was told. */
function assertOutcome({ server }: World, client: SimulatedClient, id: string, body: CommandBody): void {
  const { events, accepted } = server.room;
  const facts = events.filter(({ command, type }) => command === id && type !== 'person.entered');
  assert.ok(facts.length <= 1, 'a command is one event at most');
  if (accepted.some(command => command.id === id)) return;
  const told = client.refused.some(refused => JSON.stringify(refused.body) === JSON.stringify(body));
  const drawnAgain = body.type === 'shape.draw' && points(client, body.stroke.points).length > 1;
  assert.ok(told || drawnAgain, `${body.type} is neither kept nor refused`);
}

/** The commands that drew these points: one more where the id of the shape was taken. */
function points({ sent }: SimulatedClient, drawn: string): readonly string[] {
  return [...sent].flatMap(([id, body]) => (body.type === 'shape.draw' && body.stroke.points === drawn ? [id] : []));
}

test('a server that is set back, under another epoch, is followed by all, and nothing is mixed or doubled', t =>
  holds(
    t,
    fc.asyncProperty(
      fc.array(fc.oneof(...WORK, ...WEATHER, RESTORING), { maxLength: 60, size: 'max' }),
      sizes,
      async (steps, options) => {
        const world = await play(steps, options, 'something more is said');
        await assertAgreement(world);
        const kept = world.server.room.whole.messages.map(({ text }) => text);
        assert.equal(new Set(kept).size, kept.length, 'no message is there twice');
      },
    ),
    { runs: 80 },
  ));
