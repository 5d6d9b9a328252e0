/**
 * Questions to processes of the bench and their answers, over Node's channel between parent and
 * child.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';

/** What a process can be asked. Arguments and answers are JSON. */
export type Answers = Readonly<Record<string, (...args: never[]) => unknown>>;

/** Every process can be asked to end what it does; then nothing holds it. */
interface Ending {
  readonly close: () => unknown;
}

interface Question {
  readonly number: number;
  readonly name: string;
  readonly args: readonly unknown[];
}

interface Answer {
  readonly number: number;
  readonly value?: unknown;
  readonly fault?: string;
}

/** In the child: answers what the parent asks. Closes when the parent lets go, or is gone. */
export function answerParent(answers: Answers & Ending): void {
  const say = (answer: Answer) => process.send?.(answer);
  const obey = async ({ name, args }: Question): Promise<unknown> => {
    const answer = answers[name];
    if (!answer) throw new Error(`Nobody here knows about ${name}.`);
    return Reflect.apply(answer, undefined, args);
  };
  process.on('message', (question: Question) => {
    const { number } = question;
    obey(question).then(
      value => say({ number, value }),
      (fault: unknown) =>
        say({ number, fault: fault instanceof Error ? (fault.stack ?? fault.message) : String(fault) }),
    );
  });
  process.once('disconnect', () => answers.close());
}

/** Linux counts in hundredths of a second towards programs, whatever it counts in itself. */
const MICROSECONDS_PER_TICK = 10_000;

/** Milliseconds in which a process ends that is let go. */
const PATIENCE = 30_000;

/** In the parent: a process that runs a module and can be asked what its `answers` say. */
export class Child<Known extends Answers> {
  readonly #process: ChildProcess;
  readonly #waiting = new Map<
    number,
    { readonly resolve: (value: unknown) => void; readonly reject: (fault: Error) => void }
  >();
  #last = 0;

  /** @param module a compiled module, as URL; `flags` are Node's. */
  constructor(module: URL, flags: readonly string[] = []) {
    // Its log goes where the log of a server goes that nobody watches.
    this.#process = fork(module, { execArgv: [...flags], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    this.#process.on('message', ({ number, value, fault }: Answer) => {
      const asked = this.#waiting.get(number);
      this.#waiting.delete(number);
      if (fault === undefined) asked?.resolve(value);
      else asked?.reject(new Error(fault));
    });
    this.#process.once('exit', code => {
      const gone = new Error(`${module.pathname} ended with ${String(code)} before it answered.`);
      for (const { reject } of this.#waiting.values()) reject(gone);
    });
  }

  ask<Name extends keyof Known & string>(
    name: Name,
    ...args: Parameters<Known[Name]>
  ): Promise<Awaited<ReturnType<Known[Name]>>> {
    this.#last += 1;
    const number = this.#last;
    return new Promise((resolve, reject) => {
      // The child answers by the same table from which these types come.
      this.#waiting.set(number, { resolve: value => resolve(value as Awaited<ReturnType<Known[Name]>>), reject });
      const question: Question = { number, name, args };
      this.#process.send(question);
    });
  }

  /**
   * CPU of all its threads so far, in microseconds, as Linux counts it: a process that is too busy
   * to answer is measured all the same.
   */
  async cpu(): Promise<number> {
    const stat = await readFile(`/proc/${String(this.#process.pid)}/stat`, 'utf8');
    // The name, which may hold anything, stands in parentheses; user and system time are the 12th
    // and 13th after it, in ticks.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) * MICROSECONDS_PER_TICK;
  }

  /** Lets go of it, and waits until it has ended. */
  async end(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const ended = once(this.#process, 'exit');
    if (this.#process.connected) this.#process.disconnect();
    // One that hangs would keep the bench from everything that comes after it.
    const patience = setTimeout(() => {
      console.error(`${this.#process.spawnargs[1] ?? ''} did not end within ${String(PATIENCE / 1_000)} s`);
      this.#process.kill('SIGKILL');
    }, PATIENCE);
    await ended;
    clearTimeout(patience);
  }
}
