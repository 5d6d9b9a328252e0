/** The timeline on its own: however events arrive, it ends up as the server's. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import fc from 'fast-check';

import { LIMITS } from '../../../protocol/limits.js';
import type { AnyEvent, EventPayload } from '../../../protocol/timeline/events.js';
import { type HeldState, visibleShapes } from '../../../protocol/timeline/state.js';
import { HIDDEN_KEPT } from '../../../widget/session/held-state.js';
import { stroke } from '../../support/strokes.js';
import { follow, Origin, rest } from './followed-timeline.js';

/** What can be seen of a state. */
const view = (state: HeldState | undefined): unknown =>
  state && { ...state, shapes: visibleShapes(state).map(({ id, by, seq, since }) => [id, by, seq, since]) };

/** A payload that makes sense after what is there, chosen by a number. */
function payloadFor({ state, events }: Origin, choice: number): EventPayload {
  const shapes = visibleShapes(state);
  const shape = shapes[choice % Math.max(1, shapes.length)];
  switch (choice % 6) {
    case 0:
      return { type: 'message.posted', text: `${choice}` };
    case 1:
      if (shape) return { type: 'shapes.erased', shapes: [shape.id] };
      break;
    case 2: {
      const of = events[choice % Math.max(1, events.length)]?.seq ?? 0;
      const count = [...state.shapes.values()].filter(({ since }) => since === of).length;
      if (count > 0) return { type: 'command.undone', of, shapes: count };
      break;
    }
    case 3:
      if (choice % 4 === 3) return { type: 'board.cleared' };
  }
  return { type: 'shape.drawn', shape: stroke() };
}

type Step =
  | { readonly do: 'happen'; readonly choice: number; readonly fate: 'told' | 'lost' | 'late' | 'twice' }
  | { readonly do: 'tell late'; readonly from: number }
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'turn' }
  | { readonly do: 'reconnect' };

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        do: fc.constant('happen' as const),
        choice: fc.nat(1_000),
        fate: fc.constantFrom('told' as const, 'lost' as const, 'late' as const, 'twice' as const),
      }),
    },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('tell late' as const), from: fc.nat(50) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.nat(1_000) }) },
    { weight: 2, arbitrary: fc.constant({ do: 'turn' as const }) },
    { weight: 1, arbitrary: fc.constant({ do: 'reconnect' as const }) },
  ),
  { maxLength: 60 },
);

test('whatever is lost, late, doubled or out of order, the timeline ends up as it is on the server', async () => {
  await fc.assert(
    fc.asyncProperty(steps, fc.integer({ min: 1, max: 20 }), fc.nat(3), async (script, far, failing) => {
      const origin = new Origin();
      origin.far = far;
      let asked = 0;
      const client = follow(
        () => origin,
        () => failing > 0 && (asked += 1) % (failing + 1) === 0,
      );
      const late: AnyEvent[] = [];
      client.timeline.resume(origin.head);
      for (const step of script) {
        switch (step.do) {
          case 'happen': {
            const event = origin.append(payloadFor(origin, step.choice));
            if (step.fate === 'late') late.push(event);
            if (step.fate === 'told') client.timeline.receive(origin.epoch, [event]);
            if (step.fate === 'twice') client.timeline.receive(origin.epoch, [event, event]);
            break;
          }
          case 'tell late':
            client.timeline.receive(origin.epoch, late.splice(step.from % (late.length + 1)));
            break;
          case 'wait':
            client.clock.advance(step.ms);
            break;
          case 'turn':
            await new Promise(resolve => setImmediate(resolve));
            break;
          case 'reconnect':
            client.timeline.pause();
            client.timeline.resume(origin.head);
        }
      }
      client.timeline.receive(origin.epoch, late);
      // One more that is told, so that even what was lost last is noticed.
      client.timeline.receive(origin.epoch, [origin.append({ type: 'message.posted', text: 'last' })]);
      await rest(client);
      assert.deepEqual(view(client.timeline.state), view(origin.state));
      assert.equal(new Set(client.applied).size, client.applied.length, 'nothing is applied twice');
      assert.deepEqual(client.refused, []);
    }),
    { numRuns: 300 },
  );
});

test('a gap is given a moment, then the tail is asked for, to its very end', async () => {
  const origin = new Origin();
  const client = follow(() => origin);
  client.timeline.resume(origin.head);
  await rest(client, 1);
  assert.deepEqual(client.asked, ['snapshot']);
  for (let count = 0; count < 10; count += 1) origin.append({ type: 'message.posted', text: `${count}` });
  client.timeline.receive('one', origin.events.slice(-1));
  client.clock.advance(LIMITS.gapPatience - 1);
  assert.deepEqual(client.asked, ['snapshot']);
  client.clock.advance(1);
  await rest(client, 8);
  // Three on a page: the fourth page brings the last, and what waited for it was known.
  assert.deepEqual(client.asked.slice(1), ['tail', 'tail', 'tail']);
  assert.deepEqual(
    client.applied,
    origin.events.map(({ seq }) => seq),
  );
});

test('a gap that closes by itself asks for nothing', async () => {
  const origin = new Origin();
  const client = follow(() => origin);
  client.timeline.resume(origin.head);
  await rest(client, 1);
  const [one, two] = ['1', '2'].map(text => origin.append({ type: 'message.posted', text }));
  assert.ok(one && two);
  client.timeline.receive('one', [two]);
  client.clock.advance(LIMITS.gapPatience - 1);
  client.timeline.receive('one', [one]);
  await rest(client, 2);
  assert.deepEqual(client.asked, ['snapshot']);
  assert.equal(client.timeline.state?.messages.size, 2);
});

test('what comes again asks for nothing, from before a snapshot or since', async () => {
  const origin = new Origin();
  const early = origin.append({ type: 'message.posted', text: 'early' });
  const client = follow(() => origin);
  client.timeline.resume(origin.head);
  // Told while the snapshot is on its way, which has it already.
  client.timeline.receive('one', [early]);
  await rest(client, 2);
  const later = origin.append({ type: 'message.posted', text: 'later' });
  client.timeline.receive('one', [later]);
  client.timeline.receive('one', [early, later]);
  await rest(client, 4);
  assert.deepEqual(client.asked, ['snapshot']);
  assert.deepEqual(client.applied, [later.seq]);
});

test('a server that fails is asked again, later and later', async () => {
  const origin = new Origin();
  let failing = true;
  const client = follow(
    () => origin,
    () => failing,
  );
  client.timeline.resume(origin.head);
  await rest(client, 3);
  assert.ok(client.asked.length >= 3);
  assert.equal(client.complete, 0);
  failing = false;
  await rest(client, 2);
  assert.equal(client.complete, 1);
});

test('events of another epoch lead to its snapshot, and nothing of the old one is left', async () => {
  let origin = new Origin('one');
  const client = follow(() => origin);
  origin.append({ type: 'message.posted', text: 'old' });
  client.timeline.resume(origin.head);
  await rest(client, 1);
  origin = new Origin('two');
  const event = origin.append({ type: 'message.posted', text: 'new' });
  client.timeline.receive('two', [event]);
  await rest(client, 4);
  assert.deepEqual(
    [...(client.timeline.state?.messages.values() ?? [])].map(({ text }) => text),
    ['new'],
  );
  assert.equal(client.timeline.state?.epoch, 'two');
});

test('what was hidden long ago is let go', async () => {
  const origin = new Origin();
  const client = follow(() => origin);
  client.timeline.resume(origin.head);
  await rest(client, 1);
  for (let count = 0; count < HIDDEN_KEPT + 1_500; count += 1) {
    const drawn = stroke();
    client.timeline.receive('one', [
      origin.append({ type: 'shape.drawn', shape: drawn }),
      origin.append({ type: 'shapes.erased', shapes: [drawn.id] }),
    ]);
  }
  assert.ok((client.timeline.state?.shapes.size ?? 0) < HIDDEN_KEPT + 1_000);
  assert.equal(origin.state.shapes.size, HIDDEN_KEPT + 1_500);
});
