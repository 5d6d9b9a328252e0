import assert from 'node:assert/strict';
import { test } from 'node:test';

import fc from 'fast-check';

import { newCommandId } from '../../../protocol/names.js';
import type { CommandBody } from '../../../protocol/timeline/commands.js';
import type { TimelineEvent } from '../../../protocol/timeline/events.js';
import { evolve, visibleShapes } from '../../../protocol/timeline/evolve.js';
import { fromSnapshot } from '../../../protocol/timeline/state.js';
import { roomKey } from '../../support/room-key.js';
import { actor, memoryStorage, RoomsUnderTest } from '../../support/rooms.js';
import { stroke } from '../../support/strokes.js';

const PEOPLE = [actor('Ann'), actor('Ben'), actor('Mo', 'moderator')];

interface Deed {
  readonly who: number;
  readonly what: 'say' | 'draw' | 'erase' | 'clear' | 'undo';
  readonly refs: readonly number[];
  /** Whether to wait for what was submitted so far, or to let it gather in one turn. */
  readonly wait: boolean;
  /** Whether another server, which remembers nothing, takes it. */
  readonly anew: boolean;
}

const deeds = fc.array(
  fc.record<Deed>({
    who: fc.nat({ max: PEOPLE.length - 1 }),
    what: fc.constantFrom('say', 'draw', 'draw', 'draw', 'erase', 'clear', 'undo', 'undo', 'undo'),
    refs: fc.array(fc.nat({ max: 30 }), { minLength: 1, maxLength: 4 }),
    wait: fc.boolean(),
    anew: fc.boolean(),
  }),
  { maxLength: 30 },
);

test('however commands gather in turns, log and rows and memory say the same', async t => {
  const storage = await memoryStorage(t);
  let runs = 0;
  await fc.assert(
    fc.asyncProperty(deeds, async done => {
      runs += 1;
      const room = roomKey('acme', `room-${runs}`);
      let under = new RoomsUnderTest(storage);
      const told: TimelineEvent[] = [];
      const shapes: string[] = [];
      const commands: string[] = [];
      let open: Promise<unknown>[] = [];
      const settle = async () => {
        await Promise.allSettled(open);
        open = [];
      };
      for (const { who, what, refs, wait, anew } of done) {
        if (wait || anew) await settle();
        if (anew) under = new RoomsUnderTest(storage);
        under.onAnnounce = ({ events }) => told.push(...events);
        const named = refs.map(ref => shapes[ref % Math.max(1, shapes.length)] ?? 'unheard-');
        const drawn = stroke();
        const bodies: Record<Deed['what'], CommandBody> = {
          say: { type: 'message.post', text: 'hello' },
          draw: { type: 'shape.draw', stroke: drawn },
          erase: { type: 'shapes.erase', shapes: named },
          clear: { type: 'board.clear' },
          undo: {
            type: 'command.undo',
            command: commands[(refs[0] ?? 0) % Math.max(1, commands.length)] ?? newCommandId(),
          },
        };
        if (what === 'draw') shapes.push(drawn.id);
        const id = newCommandId();
        commands.push(id);
        const by = PEOPLE[who];
        assert.ok(by);
        open.push(under.give(room, by, bodies[what], id));
      }
      await settle();
      assert.deepEqual(under.faults, []);

      const { epoch, ...rest } = await storage.snapshot(room);
      const there = fromSnapshot({ epoch, seq: 0, people: [], messages: [], more: false, shapes: [] });
      for (const event of told) evolve(there, event);
      assert.deepEqual(await storage.tail(room, 0, 1_000), told);
      assert.deepEqual(rest, {
        seq: there.seq,
        people: [...there.people],
        messages: there.messages,
        more: false,
        shapes: visibleShapes(there),
      });
    }),
    { numRuns: 60 },
  );
});
