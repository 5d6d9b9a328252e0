import { LIMITS } from '../../protocol/limits.js';

interface Step {
  readonly command: string;
  /** How many undoable commands were given before it. */
  readonly ordinal: number;
}

/**
 * Which own commands can be taken back, and which of those taken back can be brought again. A redo is the undo of an undo, so both
 * lists hold the command to name next. The server goes back no further than LIMITS.undoDepth commands, undos included.
 */
export class UndoHistory {
  #given = 0;
  #done: Step[] = [];
  #undone: Step[] = [];
  readonly #give: (command: string) => string;

  /** `give` gives the order to undo a command, and returns that order's own id. */
  constructor(give: (command: string) => string) {
    this.#give = give;
  }

  get canUndo(): boolean {
    return this.#inReach(this.#done);
  }

  get canRedo(): boolean {
    return this.#inReach(this.#undone);
  }

  /** New work: what was taken back before it can't be brought again. */
  did(command: string): void {
    this.#undone = [];
    this.#push(this.#done, command);
  }

  /** Takes back the last. */
  undo(): void {
    if (this.canUndo) this.#turn(this.#done, this.#undone);
  }

  /** Brings again what was taken back last. */
  redo(): void {
    if (this.canRedo) this.#turn(this.#undone, this.#done);
  }

  /** The server did not take this command. */
  forget(command: string): void {
    this.#done = this.#done.filter(step => step.command !== command);
    this.#undone = this.#undone.filter(step => step.command !== command);
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

  #turn(from: Step[], to: Step[]): void {
    const step = from.at(-1);
    if (!step) return;
    // Given first: an outbox that is full throws, and then nothing has changed.
    const command = this.#give(step.command);
    from.pop();
    this.#push(to, command);
  }

  #push(steps: Step[], command: string): void {
    steps.push({ command, ordinal: this.#given });
    this.#given += 1;
    if (steps.length > LIMITS.undoDepth) steps.shift();
  }
}
