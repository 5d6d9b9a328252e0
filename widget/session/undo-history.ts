import { LIMITS } from '../../protocol/limits.js';
import { type CommandBody, COMMANDS } from '../../protocol/timeline/commands/index.js';

interface Step {
  readonly command: string;
  readonly body: CommandBody;
  /** How many undoable commands were submitted before it. */
  readonly ordinal: number;
}

interface UndoneStep extends Step {
  /** The command that undid it. */
  readonly undo: string;
}

/**
 * Which own commands can be undone, and which of those undone can be redone: a drawing, the same
 * shape, by undoing its undo; an erasing by erasing again. The server goes back no further than
 * LIMITS.undoDepth commands, undos included.
 */
export class UndoHistory {
  #submitted = 0;
  #done: Step[] = [];
  #undone: UndoneStep[] = [];
  readonly #submit: (body: CommandBody) => string;

  /** @param submit sends a command, and returns its id */
  constructor(submit: (body: CommandBody) => string) {
    this.#submit = submit;
  }

  get canUndo(): boolean {
    return this.#inReach(this.#done);
  }

  get canRedo(): boolean {
    return this.#inReach(this.#undone);
  }

  /** A command was submitted. After new work nothing that was undone before it can be redone. */
  record(command: string, body: CommandBody): void {
    if (!isUndoable(body)) return;
    this.#undone = [];
    this.#push(this.#done, { command, body, ordinal: this.#count() });
  }

  /**
   * An earlier page submitted a command: as `record`, and what it undid itself can't be undone
   * again.
   */
  restore(command: string, body: CommandBody): void {
    if (COMMANDS[body.type].reversal === 'undo' && 'command' in body) this.forget(body.command);
    else this.record(command, body);
  }

  /** Undoes the last. */
  undo(): void {
    const step = this.canUndo ? this.#done.at(-1) : undefined;
    if (!step) return;
    // First of all: an outbox that is full throws, and then nothing has changed.
    const undo = this.#submit(undoOf(step.command));
    this.#count();
    this.#done.pop();
    this.#push(this.#undone, { ...step, undo });
  }

  /** Redoes what was undone last. */
  redo(): void {
    const step = this.canRedo ? this.#undone.at(-1) : undefined;
    if (!step) return;
    const { undo, ...done } = step;
    if (COMMANDS[step.body.type].reversal === 'undo-the-undo') {
      this.#submit(undoOf(undo));
      this.#count();
      this.#push(this.#done, done);
    } else {
      const command = this.#submit(step.body);
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
    return last !== undefined && this.#submitted - last.ordinal <= LIMITS.undoDepth;
  }

  /** Counts one command more, and returns how many there were before. */
  #count(): number {
    this.#submitted += 1;
    return this.#submitted - 1;
  }

  #push<Kind extends Step>(steps: Kind[], step: Kind): void {
    steps.push(step);
    if (steps.length > LIMITS.undoDepth) steps.shift();
  }
}

function undoOf(command: string): CommandBody {
  return { type: 'command.undo', command };
}

function isUndoable({ type }: CommandBody): boolean {
  const { reversal } = COMMANDS[type];
  return reversal === 'undo-the-undo' || reversal === 'give-again';
}
