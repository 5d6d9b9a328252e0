/** The board as it is shown, against what the server will make of the same commands. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import fc from 'fast-check';

import { RefusedError } from '../../../protocol/errors.js';
import { newCommandId } from '../../../protocol/names.js';
import type { CommandBody } from '../../../protocol/timeline/commands.js';
import type { TimelineEvent } from '../../../protocol/timeline/events.js';
import { evolve, visibleShapes } from '../../../protocol/timeline/evolve.js';
import type { RoomState, Stroke } from '../../../protocol/timeline/state.js';
import { decide } from '../../../server/domain/decide.js';
import type { RoomCommand } from '../../../server/domain/room-command.js';
import { Board } from '../../../widget/session/board.js';
import type { OutboxEntry } from '../../../widget/session/outbox.js';
import { stroke } from '../../support/strokes.js';

const ANN = 1;
const BEN = 2;

/** A room on the server, with the rules of the server. */
class Authority {
  state: RoomState = {
    epoch: 'one',
    seq: 0,
    people: new Map([
      [ANN, { id: 'ann', name: 'ann' }],
      [BEN, { id: 'ben', name: 'ben' }],
    ]),
    messages: [],
    shapes: new Map(),
  };
  /** The events of commands, by id. */
  seqs = new Map<string, number>();

  /** What would be here if all this happened now. */
  fork(): Authority {
    const fork = new Authority();
    fork.state = structuredClone(this.state);
    fork.seqs = new Map(this.seqs);
    return fork;
  }

  take(by: number, command: string, body: RoomCommand): TimelineEvent | undefined {
    const person = this.state.people.get(by) ?? assert.fail();
    const seq = body.type === 'command.undo' ? this.seqs.get(body.command) : undefined;
    const happened = decide(this.state, { person, role: 'moderator' }, body, {
      author: by,
      visible: visibleShapes(this.state).length,
      points: 0,
      target: seq === undefined ? 'nothing' : { seq, later: 0 },
    });
    assert.ok(!(happened instanceof RefusedError));
    const [happening] = happened;
    if (!happening) return undefined;
    const { seq: prev } = this.state;
    const event = { seq: prev + 1, prev, at: prev, by, command, ...happening };
    evolve(this.state, event);
    this.seqs.set(command, event.seq);
    return event;
  }
}

const shown = (authority: Authority): string[] => visibleShapes(authority.state).map(({ id }) => id);
const inked = (shapes: Iterable<Stroke>): string[] => [...shapes].map(({ id, points }) => `${id} ${points}`);

type Step = { readonly who: 'ann' | 'ben' | 'server'; readonly what: RoomCommand['type']; readonly choice: number };

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    who: fc.constantFrom('ann' as const, 'ann' as const, 'ben' as const, 'server' as const, 'server' as const),
    what: fc.constantFrom(
      'shape.draw' as const,
      'shape.draw' as const,
      'shape.draw' as const,
      'shapes.erase' as const,
      'shapes.erase' as const,
      'board.clear' as const,
      'command.undo' as const,
      'command.undo' as const,
      'shape.keep' as const,
      'shape.keep' as const,
    ),
    choice: fc.nat(1_000),
  }),
  { maxLength: 80, size: 'max' },
);

/** @param begun strokes that were begun and may be finished; what is begun is put there */
function bodyOf(
  { what, choice }: Step,
  visible: readonly string[],
  given: readonly string[],
  begun: Stroke[] = [],
): CommandBody | undefined {
  switch (what) {
    case 'shapes.erase': {
      const shape = visible[choice % Math.max(1, visible.length)];
      return shape === undefined ? undefined : { type: 'shapes.erase', shapes: [shape] };
    }
    case 'board.clear':
      return { type: 'board.clear' };
    case 'command.undo': {
      const command = given[choice % Math.max(1, given.length)];
      return command === undefined ? undefined : { type: 'command.undo', command };
    }
    case 'shape.keep':
      begun.push(stroke({ points: 'AACC' }));
      return undefined;
    default: {
      const [part] = choice % 2 === 0 ? begun.splice(choice % Math.max(1, begun.length), 1) : [];
      return { type: 'shape.draw', stroke: part ? { ...part, points: 'AACCEE' } : stroke() };
    }
  }
}

test('what is shown is what the server will make of it, whatever is pending and whatever others do', () => {
  fc.assert(
    fc.property(steps, script => {
      const server = new Authority();
      const pending: OutboxEntry[] = [];
      const given: string[] = [];
      const begun: Stroke[] = [];
      const everBegun: Stroke[] = [];
      const board = new Board({ state: () => server.state, pending: () => pending, self: () => ANN });
      for (const step of script) {
        if (step.who === 'ann') {
          const body = bodyOf(step, [...board.shapes.keys()], given, begun);
          everBegun.push(...begun.filter(part => !everBegun.includes(part)));
          if (!body) continue;
          const entry = { id: newCommandId(), body, createdAt: 0, seq: undefined };
          given.push(entry.id);
          pending.push(entry);
          board.added(entry);
        } else if (step.who === 'ben') {
          const body = bodyOf(step, shown(server), []);
          const event = body && server.take(BEN, newCommandId(), body);
          if (event) board.applied(event);
        } else if (step.what === 'shape.keep') {
          // Ann seems to have vanished while she drew, whether she has finished by now or not.
          const part = everBegun[step.choice % Math.max(1, everBegun.length)];
          const event = part && server.take(ANN, newCommandId(), { type: 'shape.keep', stroke: part });
          if (event) board.applied(event);
        } else {
          const entry = pending.shift();
          const event = entry && server.take(ANN, entry.id, entry.body);
          if (event) {
            board.name(event.command, event.seq);
            board.applied(event);
          } else board.touch();
        }
        const expected = server.fork();
        for (const { id, body } of pending) expected.take(ANN, id, body);
        assert.deepEqual(inked(board.shapes.values()), inked(visibleShapes(expected.state)));
      }
    }),
    { numRuns: 300 },
  );
});

test('a partial shape that its author erased, and has finished since, comes back whole by undoing the erasing', () => {
  const server = new Authority();
  const pending: OutboxEntry[] = [];
  const board = new Board({ state: () => server.state, pending: () => pending, self: () => ANN });
  const part = stroke({ points: 'AACC' });
  const erase = newCommandId();
  server.take(ANN, newCommandId(), { type: 'shape.keep', stroke: part });
  const erased = server.take(ANN, erase, { type: 'shapes.erase', shapes: [part.id] });
  board.name(erase, erased?.seq ?? assert.fail());
  board.touch();
  const gives = (body: CommandBody): string[] => {
    const entry = { id: newCommandId(), body, createdAt: 0, seq: undefined };
    pending.push(entry);
    board.added(entry);
    return inked(board.shapes.values());
  };
  assert.deepEqual(gives({ type: 'shape.draw', stroke: { ...part, points: 'AAEEEE' } }), []);
  assert.deepEqual(gives({ type: 'command.undo', command: erase }), [`${part.id} AAEEEE`]);
});

test('a partial shape that is cleared away lies where it was finished when it comes back', () => {
  const server = new Authority();
  const pending: OutboxEntry[] = [];
  const board = new Board({ state: () => server.state, pending: () => pending, self: () => ANN });
  const [part, other] = [stroke({ points: 'AACC' }), stroke()];
  server.take(ANN, newCommandId(), { type: 'shape.keep', stroke: part });
  const [clear, ...rest]: readonly CommandBody[] = [
    { type: 'board.clear' },
    { type: 'shape.draw', stroke: other },
    { type: 'shape.draw', stroke: { ...part, points: 'AAEEEE' } },
  ];
  const gives = (body: CommandBody = assert.fail()): string => {
    const entry = { id: newCommandId(), body, createdAt: 0, seq: undefined };
    pending.push(entry);
    board.added(entry);
    return entry.id;
  };
  const cleared = gives(clear);
  for (const body of rest) gives(body);
  gives({ type: 'command.undo', command: cleared });
  assert.deepEqual([...board.shapes.keys()], [other.id, part.id]);
});

test('a shape that is on the timeline is shown as it is there, and a version is never used twice', () => {
  const server = new Authority();
  const pending: OutboxEntry[] = [];
  const board = new Board({ state: () => server.state, pending: () => pending, self: () => ANN });
  const drawn = stroke();
  const entry = {
    id: newCommandId(),
    body: { type: 'shape.draw', stroke: drawn },
    createdAt: 7,
    seq: undefined,
  } as const;
  const versions = [board.version];
  pending.push(entry);
  board.added(entry);
  versions.push(board.version);
  const view = board.shapes.get(drawn.id);
  assert.deepEqual([view?.pending, view?.by, view?.at], [true, ANN, 7]);
  const before = board.shapes.get(drawn.id);
  board.touch();
  versions.push(board.version);
  assert.equal(board.shapes.get(drawn.id), before, 'the same object while nothing about it has changed');
  pending.pop();
  board.applied(server.take(ANN, entry.id, entry.body) ?? assert.fail());
  versions.push(board.version);
  assert.equal(board.shapes.get(drawn.id), server.state.shapes.get(drawn.id));
  assert.equal(new Set(versions).size, versions.length);
});
