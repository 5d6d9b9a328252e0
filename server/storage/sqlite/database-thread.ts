import { Worker } from 'node:worker_threads';

import { StorageClosedError, StorageError } from '../../domain/storage.js';
import type { Arguments, Call, CallName, FromThread, Result, ThreadData } from './engine.js';

/** The thread ended before it answered: what was asked of it may have been kept or not. */
export class ThreadLostError extends StorageError {}

interface Waiting {
  readonly resolve: (result: Result<CallName>) => void;
  readonly reject: (fault: StorageError) => void;
}

/** A running thread and the calls that it has not answered. */
interface Running {
  readonly worker: Worker;
  readonly waiting: Map<number, Waiting>;
}

/** Starts a thread: `thread.ts` with its data. */
export type StartThread = (data: ThreadData) => Worker;

const startThread: StartThread = data => new Worker(new URL('./thread.js', import.meta.url), { workerData: data });

/**
 * The near side of the database's thread: calls it, and starts it anew at the next call if it ended by itself. Whatever
 * happens to the thread, every call is answered or rejected.
 */
export class DatabaseThread {
  readonly #data: ThreadData;
  readonly #start: StartThread;
  #running: Promise<Running> | undefined;
  /** The same, once it runs. */
  #present: Running | undefined;
  #closing: Promise<void> | undefined;
  #lastNumber = 0;

  constructor(data: ThreadData, start: StartThread = startThread) {
    this.#data = data;
    this.#start = start;
  }

  /** Starts the thread and opens the database. @throws StorageError where that can't be done. */
  async open(): Promise<void> {
    await this.#thread();
  }

  /** @throws StorageError with what the engine said, ThreadLostError where the thread ended first, StorageClosedError where it was to. */
  async call<Name extends CallName>(name: Name, ...args: Arguments<Name>): Promise<Result<Name>> {
    if (this.#closing) throw new StorageClosedError();
    // Asked at once where it runs: the caller may have much to do meanwhile.
    return this.#ask(this.#present ?? (await this.#thread()), name, args);
  }

  /** Ends the thread when all calls are answered. Harmless when called again. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const running = await this.#running?.catch(() => undefined);
    if (!running) return;
    const ended = new Promise(resolve => running.worker.once('exit', resolve));
    // The thread works in order, so its last answer comes after all others. If it is lost instead, it has ended all the same.
    await this.#ask(running, 'close', []).catch(() => undefined);
    await ended;
  }

  #ask<Name extends CallName>(running: Running, name: Name, args: Arguments<Name>): Promise<Result<Name>> {
    const { worker, waiting } = running;
    this.#lastNumber += 1;
    const number = this.#lastNumber;
    return new Promise<Result<Name>>((resolve, reject) => {
      // The thread answers a call with the result of that call: the number ties the two types together.
      waiting.set(number, { resolve: result => resolve(result as Result<Name>), reject });
      try {
        const call: Call<Name> = { number, name, args };
        worker.postMessage(call);
      } catch (fault) {
        waiting.delete(number);
        reject(new StorageError(`What was to be kept can't be sent to the database's thread.`, { cause: fault }));
      }
    });
  }

  #thread(): Promise<Running> {
    this.#running ??= this.#run();
    return this.#running;
  }

  #run(): Promise<Running> {
    const worker = this.#start(this.#data);
    const waiting = new Map<number, Waiting>();
    let cause: unknown;
    worker.on('error', fault => (cause = fault));
    // An answer that can't be read would leave its call without one.
    worker.on('messageerror', () => void worker.terminate());
    return new Promise((resolve, reject) => {
      worker.on('message', (message: FromThread) => {
        if (message.type === 'ready') {
          this.#present = { worker, waiting };
          return resolve(this.#present);
        }
        if (message.type === 'unusable') return reject(new StorageError(message.message));
        const asked = waiting.get(message.number);
        waiting.delete(message.number);
        if (message.type === 'done') asked?.resolve(message.result);
        else asked?.reject(new StorageError(message.message));
      });
      worker.once('exit', () => {
        this.#running = this.#present = undefined;
        const lost = this.#closing
          ? new StorageClosedError({ cause })
          : new ThreadLostError('The thread of the database ended.', { cause });
        reject(lost);
        for (const { reject: giveUp } of waiting.values()) giveUp(lost);
        waiting.clear();
      });
    });
  }
}
