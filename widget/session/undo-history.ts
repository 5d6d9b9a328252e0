import { LIMITS } from '../../protocol/limits.js';
import type { CommandBody } from '../../protocol/timeline/commands.js';

interface Step {
  readonly command: string;
  readonly body: CommandBody;
  /** How many undoable commands were given before it. */
  readonly ordinal: number;
}

interface UndoneStep extends Step {
  /** The command that took it back. */
  readonly undo: string;
}

/**
 * Which own commands can be taken back, and which of those taken back can be brought again. A drawing comes again, the same shape,
 * by undoing its undo; an erasing is given again. The server goes back no further than LIMITS.undoDepth commands, undos
 * included.
 */
export class UndoHistory {
  #given = 0;
  #done: Step[] = [];
  #undone: UndoneStep[] = [];
  readonly #give: (body: CommandBody) => string;

  /** `give` gives a command, and returns its id. */
  constructor(give: (body: CommandBody) => string) {
    this.#give = give;
  }

  get canUndo(): boolean {
    return this.#inReach(this.#done);
  }

  get canRedo(): boolean {
    return this.#inReach(this.#undone);
  }

  /** New work: what was taken back before it can't be brought again. */
  did(command: string, body: CommandBody): void {
    this.#undone = [];
    this.#push(this.#done, { command, body, ordinal: this.#count() });
  }

  /** Takes back the last. */
  undo(): void {
    const step = this.canUndo ? this.#done.at(-1) : undefined;
    if (!step) return;
    // Given first: an outbox that is full throws, and then nothing has changed.
    const undo = this.#give({ type: 'command.undo', command: step.command });
    this.#count();
    this.#done.pop();
    this.#push(this.#undone, { ...step, undo });
  }

  /** Brings again what was taken back last. */
  redo(): void {
    const step = this.canRedo ? this.#undone.at(-1) : undefined;
    if (!step) return;
    const { undo, ...done } = step;
    if (step.body.type === 'shape.draw') {
      this.#give({ type: 'command.undo', command: undo });
      this.#count();
      this.#push(this.#done, done);
    } else {
      const command = this.#give(step.body);
      this.#push(this.#done, { command, body: step.body, ordinal: this.#count() });
    }
    this.#undone.pop();
  }

  /** The server did not take this command. */
  forget(command: string): void {
    this.#done = this.#done.filter(step => step.command !== command);
    this.#undone = this.#undone.filter(step => step.command !== command && step.undo !== command);
  }

  /** Another timeline: nothing of before is known there. */
  reset(): void {
    this.#done = [];
    this.#undone = [];
  }

  #inReach(steps: readonly Step[]): boolean {
    const last = steps.at(-1);
    return last !== undefined && this.#given - last.ordinal <= LIMITS.undoDepth;
  }

  /** Counts one command more, and returns how many there were before. */
  #count(): number {
    this.#given += 1;
    return this.#given - 1;
  }

  #push<Kind extends Step>(steps: Kind[], step: Kind): void {
    steps.push(step);
    if (steps.length > LIMITS.undoDepth) steps.shift();
  }
}
