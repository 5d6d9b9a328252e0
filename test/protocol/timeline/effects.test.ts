import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { applyEffects } from '../../../protocol/timeline/effects.js';
import type { AnyEvent, EventModule, EventRegistry } from '../../../protocol/timeline/events.js';
import { EVENTS, evolve, lacks } from '../../../protocol/timeline/evolve.js';
import type { HeldState, Message, Shape } from '../../../protocol/timeline/state.js';
import { drawn, entered, erased, posted } from '../../support/commands.js';
import { stroke } from '../../support/strokes.js';
import { emptyRoom, next, roomAfter } from './told.js';

const shapeAt = (seq: number, changed: Partial<Shape> = {}): Shape => {
  return { ...stroke(), by: 1, at: 0, seq, since: seq, ...changed };
};
const messageAt = (seq: number, text = 'hello'): Message => ({ seq, by: 1, at: 0, text });

const boardOf = (...shapes: readonly Shape[]): HeldState => {
  return { ...emptyRoom(), shapes: new Map(shapes.map(shape => [shape.id, shape])) };
};
const shapesOf = ({ shapes }: HeldState) => [...shapes.values()];

describe('an effect makes what it says, and nothing else', () => {
  test('putPerson: a person comes, or is called otherwise', () => {
    const state = emptyRoom();
    applyEffects(state, [{ type: 'putPerson', index: 2, person: { id: 'ann', name: 'Ann' } }]);
    applyEffects(state, [{ type: 'putPerson', index: 2, person: { id: 'ann', name: 'Anna' } }]);
    assert.deepEqual(state, { ...emptyRoom(), people: new Map([[2, { id: 'ann', name: 'Anna' }]]) });
  });

  test('putMessage: a message comes, or takes its own place', () => {
    const state = emptyRoom();
    for (const message of [messageAt(1), messageAt(2), messageAt(1, 'said better')]) {
      applyEffects(state, [{ type: 'putMessage', message, isNew: true }]);
    }
    assert.deepEqual([...state.messages.values()], [messageAt(1, 'said better'), messageAt(2)]);
  });

  test('removeMessages: they are gone, and one that was not there is no fault', () => {
    const messages = new Map([1, 2, 3].map(seq => [seq, messageAt(seq)]));
    const state = { ...emptyRoom(), messages };
    applyEffects(state, [{ type: 'removeMessages', seqs: [1, 3, 7] }]);
    assert.deepEqual([...state.messages.keys()], [2]);
  });

  test('putShape: one of another seq lies on top, one of the same seq where it lay', () => {
    const [one, two] = [shapeAt(1), shapeAt(2)];
    const state = boardOf(one, two);
    const recoloured: Shape = { ...one, look: { ...one.look, color: 'red' } };
    applyEffects(state, [{ type: 'putShape', shape: recoloured, isNew: false }]);
    assert.deepEqual(shapesOf(state), [recoloured, two]);
    const again: Shape = { ...one, seq: 3, since: 3 };
    applyEffects(state, [{ type: 'putShape', shape: again, isNew: false, times: 'A' }]);
    assert.deepEqual(shapesOf(state), [two, again]);
    const three = shapeAt(4);
    applyEffects(state, [{ type: 'putShape', shape: three, isNew: true }]);
    assert.deepEqual(shapesOf(state), [two, again, three]);
  });

  test('hideShapes and showShapes: they keep their place, and shown they are as their drawing left them', () => {
    const [one, two] = [shapeAt(1), shapeAt(2)];
    const state = boardOf(one, two);
    applyEffects(state, [{ type: 'hideShapes', ids: [one.id, 'unheard-'], since: 9 }]);
    assert.deepEqual(shapesOf(state), [{ ...one, since: 9, hidden: true }, two]);
    applyEffects(state, [{ type: 'showShapes', ids: [one.id, 'unheard-'] }]);
    assert.deepEqual(shapesOf(state), [one, two]);
    assert.equal('hidden' in (state.shapes.get(one.id) ?? {}), false);
  });

  test('removeShapes: they are gone', () => {
    const [one, two] = [shapeAt(1), shapeAt(2, { hidden: true })];
    const state = boardOf(one, two);
    applyEffects(state, [{ type: 'removeShapes', ids: [two.id, 'unheard-'] }]);
    assert.deepEqual(state, boardOf(one));
  });

  test('putSetting: the room has it', () => {
    const state = emptyRoom();
    applyEffects(state, [{ type: 'putSetting', name: 'order', value: [1, 'two'] }]);
    applyEffects(state, [{ type: 'putSetting', name: 'open', value: null }]);
    const settings = new Map<string, unknown>(Object.entries({ order: [1, 'two'], open: null }));
    assert.deepEqual(state, { ...emptyRoom(), settings });
  });

  test('endInterval: it is kept for a look back, and is nothing to the state', () => {
    const one = shapeAt(1);
    const state = boardOf(one);
    applyEffects(state, [{ type: 'endInterval', shape: one.id, was: 'hidden', from: 2, to: 5 }]);
    assert.deepEqual(state, boardOf(one));
  });
});

describe('an event of a type that is not known', () => {
  const events = (state: HeldState): readonly AnyEvent[] =>
    ['thing.unheard', 'constructor', '__proto__', 'toString', ''].map(type => {
      const rest = { shape: stroke(), ids: ['unheard-'], person: { id: 'eve', name: 'Eve' } };
      return { ...next(state, posted('x')), ...rest, type };
    });

  test('advances the timeline, marks the state as newer, and changes nothing', () => {
    const [one, two] = [stroke(), stroke()];
    const room = () =>
      roomAfter(entered({ id: 'ann', name: 'Ann' }), drawn(one), drawn(two), posted('a'), erased([one.id]));
    for (const event of events(room())) {
      const state = room();
      assert.equal(state.newer, false);
      assert.equal(lacks(state, event), false);
      assert.deepEqual(evolve(state, event), []);
      assert.deepEqual(state, { ...room(), seq: 6, newer: true });
      // What is known afterwards goes on as ever, and the state stays marked.
      evolve(state, next(state, posted('b')));
      assert.deepEqual([state.seq, state.newer, state.messages.size], [7, true, 2]);
    }
  });

  test('is known where a registry has it', () => {
    const renamed: EventModule<{ readonly type: string; readonly title: string }> = {
      effects: (_, { title }) => [{ type: 'putSetting', name: 'title', value: title }],
    };
    const registry: EventRegistry = { ...EVENTS, 'room.titled': renamed };
    const state = emptyRoom();
    const event = { ...next(state, posted('x')), type: 'room.titled', title: 'Algebra' };
    const effects = evolve(state, event, registry);
    assert.deepEqual(effects, [{ type: 'putSetting', name: 'title', value: 'Algebra' }]);
    assert.deepEqual([state.seq, state.newer, state.settings.get('title')], [1, false, 'Algebra']);
  });
});
