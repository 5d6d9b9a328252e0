/** The board as it is shown, against what the server will make of the same commands. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import fc from 'fast-check';

import { RefusedError } from '../../../protocol/errors.js';
import { newCommandId } from '../../../protocol/names.js';
import type { StrokeForm } from '../../../protocol/shapes/stroke.js';
import type { AnyBody, CommandBody } from '../../../protocol/timeline/commands/index.js';
import type { Effect } from '../../../protocol/timeline/effects.js';
import type { AnyEvent } from '../../../protocol/timeline/events.js';
import { evolve } from '../../../protocol/timeline/evolve.js';
import { emptyState, type HeldState, visibleShapes } from '../../../protocol/timeline/state.js';
import type { CommandRule, RuleRegistry } from '../../../server/domain/commands/command.js';
import { RULES } from '../../../server/domain/commands/index.js';
import { decide } from '../../../server/domain/decide.js';
import { Board } from '../../../widget/session/board.js';
import type { KeptCommand } from '../../../widget/session/outbox-store.js';
import { Overlay } from '../../../widget/session/overlay.js';
import { clear, draw, erase, keep, undo } from '../../support/commands.js';
import { stroke, withPoints } from '../../support/strokes.js';

const ANN = 1;
const BEN = 2;

function ruleOf(type: string): CommandRule {
  const rules: RuleRegistry = RULES;
  return rules[type] ?? assert.fail();
}

/** What came of a command. */
interface Taken {
  readonly event: AnyEvent;
  readonly effects: readonly Effect[];
}

/** A room on the server, with the rules of the server. */
class Authority {
  state: HeldState = emptyState('one');
  /** The events of commands, by id. */
  seqs = new Map<string, number>();

  constructor() {
    this.state.people.set(ANN, { id: 'ann', name: 'ann' });
    this.state.people.set(BEN, { id: 'ben', name: 'ben' });
  }

  /** What would be here if all this happened now. */
  fork(): Authority {
    const fork = new Authority();
    fork.state = structuredClone(this.state);
    fork.seqs = new Map(this.seqs);
    return fork;
  }

  take(by: number, command: string, body: AnyBody): Taken | undefined {
    const person = this.state.people.get(by) ?? assert.fail();
    const rule = ruleOf(body.type);
    const seq = this.seqs.get(rule.needs?.(body).undoes ?? '');
    const outcome = decide(this.state, { person, role: 'moderator' }, body, rule, {
      author: by,
      visible: visibleShapes(this.state).length,
      weight: 0,
      policy: { keepsTimes: true },
      target: seq === undefined ? 'nothing' : { seq, later: 0 },
    });
    assert.ok(!(outcome instanceof RefusedError));
    const [payload] = outcome;
    if (!payload) return undefined;
    const { seq: prev } = this.state;
    const event = { seq: prev + 1, prev, at: prev, by, command, ...payload };
    const effects = evolve(this.state, event);
    this.seqs.set(command, event.seq);
    return { event, effects };
  }
}

/** Ann's page, which knows what the server holds. */
class Page {
  readonly pending: KeptCommand[] = [];
  readonly overlay: Overlay;
  readonly board: Board;

  constructor({ state }: Authority) {
    this.overlay = new Overlay({ state: () => state, pending: () => this.pending, author: () => ANN });
    this.board = new Board(this.overlay, () => state);
  }

  gives(body: CommandBody, createdAt = 0): KeptCommand {
    const command = { id: newCommandId(), body, createdAt };
    this.pending.push(command);
    const effects = this.overlay.add(command);
    if (effects) this.board.apply(effects);
    else this.readsAnew();
    return command;
  }

  /** The server has told what came of a command. */
  hears({ event, effects }: Taken): void {
    if (this.overlay.follow(effects, event.command)) this.board.apply(effects);
    else this.readsAnew();
  }

  readsAnew(): void {
    this.overlay.invalidate();
    this.board.invalidate();
  }

  get inked(): string[] {
    return inked(this.board.shapes.values());
  }
}

const shown = (authority: Authority): string[] => visibleShapes(authority.state).map(({ id }) => id);
const inked = (shapes: Iterable<StrokeForm>): string[] =>
  [...shapes].map(({ id, content }) => `${id} ${content.points}`);

type Step = { readonly who: 'ann' | 'ben' | 'server'; readonly what: keyof typeof RULES; readonly choice: number };

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
  begun: StrokeForm[] = [],
): CommandBody | undefined {
  switch (what) {
    case 'shapes.erase': {
      const shape = visible[choice % Math.max(1, visible.length)];
      return shape === undefined ? undefined : erase([shape]);
    }
    case 'board.clear':
      return clear();
    case 'command.undo': {
      const command = given[choice % Math.max(1, given.length)];
      return command === undefined ? undefined : undo(command);
    }
    case 'shape.keep':
      begun.push(stroke({ points: 'AACC' }));
      return undefined;
    default: {
      const [part] = choice % 2 === 0 ? begun.splice(choice % Math.max(1, begun.length), 1) : [];
      return draw(part ? withPoints(part, 'AACCEE') : stroke());
    }
  }
}

test('what is shown is what the server will make of it, whatever is pending and whatever others do', () => {
  fc.assert(
    fc.property(steps, script => {
      const server = new Authority();
      const page = new Page(server);
      const { board, overlay, pending } = page;
      const given: string[] = [];
      const begun: StrokeForm[] = [];
      const everBegun: StrokeForm[] = [];
      for (const step of script) {
        if (step.who === 'ann') {
          const body = bodyOf(step, [...board.shapes.keys()], given, begun);
          everBegun.push(...begun.filter(part => !everBegun.includes(part)));
          if (body) given.push(page.gives(body).id);
        } else if (step.who === 'ben') {
          const body = bodyOf(step, shown(server), []);
          const taken = body && server.take(BEN, newCommandId(), body);
          if (taken) page.hears(taken);
        } else if (step.what === 'shape.keep') {
          // Ann seems to have vanished while she drew, whether she has finished by now or not.
          const part = everBegun[step.choice % Math.max(1, everBegun.length)];
          const taken = part && server.take(ANN, newCommandId(), keep(part));
          if (taken) page.hears(taken);
        } else {
          const command = pending.shift();
          const taken = command && server.take(ANN, command.id, command.body);
          if (taken) {
            overlay.name(taken.event.command, taken.event.seq);
            page.hears(taken);
          } else page.readsAnew();
        }
        const expected = server.fork();
        for (const { id, body } of pending) expected.take(ANN, id, body);
        assert.deepEqual(page.inked, inked(visibleShapes(expected.state)));
      }
    }),
    { numRuns: 300 },
  );
});

test('a partial shape that its author erased, and has finished since, comes back whole by undoing the erasing', () => {
  const server = new Authority();
  const page = new Page(server);
  const part = stroke({ points: 'AACC' });
  const erasing = newCommandId();
  server.take(ANN, newCommandId(), keep(part));
  const erased = server.take(ANN, erasing, erase([part.id]));
  page.overlay.name(erasing, erased?.event.seq ?? assert.fail());
  page.readsAnew();
  page.gives(draw(withPoints(part, 'AAEEEE')));
  assert.deepEqual(page.inked, []);
  page.gives(undo(erasing));
  assert.deepEqual(page.inked, [`${part.id} AAEEEE`]);
});

test('a partial shape that is cleared away lies where it was finished when it comes back', () => {
  const server = new Authority();
  const page = new Page(server);
  const [part, other] = [stroke({ points: 'AACC' }), stroke()];
  server.take(ANN, newCommandId(), keep(part));
  const { id: cleared } = page.gives(clear());
  page.gives(draw(other));
  page.gives(draw(withPoints(part, 'AAEEEE')));
  page.gives(undo(cleared));
  assert.deepEqual([...page.board.shapes.keys()], [other.id, part.id]);
});

test('a shape that is on the timeline is shown as it is there, and a version is never used twice', () => {
  const server = new Authority();
  const page = new Page(server);
  const { board, pending } = page;
  const drawn = stroke();
  const versions = [board.version];
  const command = page.gives(draw(drawn), 7);
  versions.push(board.version);
  const view = board.shapes.get(drawn.id);
  assert.deepEqual([view?.pending, view?.by, view?.at], [true, ANN, 7]);
  const before = board.shapes.get(drawn.id);
  page.readsAnew();
  versions.push(board.version);
  assert.equal(board.shapes.get(drawn.id), before, 'the same object while nothing about it has changed');
  pending.pop();
  page.hears(server.take(ANN, command.id, command.body) ?? assert.fail());
  versions.push(board.version);
  assert.equal(board.shapes.get(drawn.id), server.state.shapes.get(drawn.id));
  assert.equal(new Set(versions).size, versions.length);
});

test('drawing on a full board, by whomever, changes the shown map in place and reads nothing anew', () => {
  const server = new Authority();
  for (let count = 0; count < 10_000; count += 1) {
    const shape = { ...stroke(), by: BEN, at: 0, seq: 0, since: 0 };
    server.state.shapes.set(shape.id, shape);
  }
  const page = new Page(server);
  const { shapes } = page.board;
  assert.equal(shapes.size, 10_000);
  let walks = 0;
  const walk = server.state.shapes[Symbol.iterator].bind(server.state.shapes);
  server.state.shapes[Symbol.iterator] = () => ((walks += 1), walk());
  const drawings = Array.from({ length: 20 }, () => page.gives(draw(stroke())));
  for (const { id, body } of drawings) {
    page.hears(server.take(BEN, newCommandId(), draw(stroke())) ?? assert.fail());
    page.pending.shift();
    page.hears(server.take(ANN, id, body) ?? assert.fail());
    assert.equal(page.board.shapes, shapes);
  }
  assert.deepEqual([shapes.size, walks], [10_040, 0]);
  assert.deepEqual([...shapes.keys()], shown(server));
});
