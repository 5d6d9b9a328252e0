import { Worker } from 'node:worker_threads';

import { type Clock, systemClock } from '../../clock.js';
import { StorageClosedError, StorageError } from '../../domain/storage.js';
import { StorageFaultError } from '../storage-fault.js';
import type { Arguments, Call, CallName, Failure, FromThread, Result, ThreadData } from './engine.js';
import type { FileIdentity } from './database-file.js';
import { RestartPace } from './restart-pace.js';

/** The thread ended before it answered: what was asked of it may have been kept or not. */
export class ThreadLostError extends StorageFaultError {
  constructor(options?: ErrorOptions) {
    const { cause } = options ?? {};
    const why = cause instanceof Error ? `: ${cause.message}` : '.';
    super('lost', `The thread of the database ended${why}`, options);
  }
}

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

export interface DatabaseThreadOptions {
  readonly start?: StartThread;
  readonly clock?: Clock;
}

/** How often a thread is tried for whoever waits for one. */
const PATIENT_TRIES = 5;

const startThread: StartThread = data => new Worker(new URL('./thread.js', import.meta.url), { workerData: data });

/**
 * The near side of the database's thread: calls it, and starts it anew at the next call if it ended
 * by itself; ever more slowly where it goes on ending, and then calls are rejected at once
 * meanwhile. Whatever happens to the thread, every call is answered or rejected.
 */
export class DatabaseThread {
  readonly #data: Omit<ThreadData, 'known'>;
  readonly #start: StartThread;
  readonly #pace: RestartPace;
  #running: Promise<Running> | undefined;
  /** The same, once it runs. */
  #present: Running | undefined;
  /** The file that the first thread opened: no other one is opened after it. */
  #known: FileIdentity | undefined;
  /** Why there is no thread just now. */
  #fault: StorageError | undefined;
  #closing: Promise<void> | undefined;
  #lastNumber = 0;

  constructor(
    data: Omit<ThreadData, 'known'>,
    { start = startThread, clock = systemClock }: DatabaseThreadOptions = {},
  ) {
    this.#data = data;
    this.#start = start;
    this.#pace = new RestartPace(clock);
  }

  /** Starts the thread and opens the database. @throws StorageError where that can't be done. */
  async open(): Promise<void> {
    await this.#thread();
  }

  /**
   * Resolves when a thread runs again, at the latest after some tries.
   *
   * @throws StorageError with what the last one said
   */
  async back(): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      await this.#pace.rest;
      if (this.#closing) throw new StorageClosedError();
      try {
        await this.#thread();
        return;
      } catch (fault) {
        if (tries === PATIENT_TRIES) throw fault;
      }
    }
  }

  /**
   * @throws StorageError with what the engine said, ThreadLostError where the thread ended first,
   *   StorageClosedError where it was to.
   */
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
    this.#pace.close();
    const running = await this.#running?.catch(() => undefined);
    if (!running) return;
    const ended = new Promise(resolve => running.worker.once('exit', resolve));
    // The thread works in order, so its last answer comes after all others. If it is lost instead,
    // it has ended all the same.
    await this.#ask(running, 'close', []).catch(() => undefined);
    await ended;
  }

  #ask<Name extends CallName>(running: Running, name: Name, args: Arguments<Name>): Promise<Result<Name>> {
    const { worker, waiting } = running;
    this.#lastNumber += 1;
    const number = this.#lastNumber;
    return new Promise<Result<Name>>((resolve, reject) => {
      // The thread answers a call with the result of that call: the number ties the two types
      // together.
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

  async #thread(): Promise<Running> {
    if (!this.#running && this.#pace.rest) throw this.#resting();
    this.#running ??= this.#run();
    return this.#running;
  }

  /** What to say while no thread is started: why not. */
  #resting(): StorageError {
    const message = `${this.#fault?.message ?? ''} (${this.#pace.losses} times in a row: the next try waits a while.)`;
    const fault = this.#fault instanceof StorageFaultError ? this.#fault.fault : 'lost';
    return new StorageFaultError(fault, message, { cause: this.#fault });
  }

  #run(): Promise<Running> {
    const worker = this.#start({ ...this.#data, known: this.#known });
    const waiting = new Map<number, Waiting>();
    let cause: unknown;
    worker.on('error', fault => (cause = fault));
    // An answer that can't be read would leave its call without one.
    worker.on('messageerror', () => void worker.terminate());
    return new Promise((resolve, reject) => {
      let unusable: StorageError | undefined;
      worker.on('message', (message: FromThread) => {
        if (message.type === 'ready') {
          this.#known ??= message.file;
          this.#present = { worker, waiting };
          return resolve(this.#present);
        }
        if (message.type === 'unusable') return void (unusable = errorOf(message.failure));
        const asked = waiting.get(message.number);
        waiting.delete(message.number);
        if (message.type === 'done') asked?.resolve(message.result);
        else asked?.reject(errorOf(message.failure));
      });
      worker.once('exit', () => {
        this.#running = this.#present = undefined;
        const lost = this.#closing ? new StorageClosedError({ cause }) : (unusable ?? new ThreadLostError({ cause }));
        if (!this.#closing) {
          this.#fault = lost;
          this.#pace.lost();
        }
        reject(lost);
        for (const { reject: giveUp } of waiting.values()) giveUp(lost);
        waiting.clear();
      });
    });
  }
}

function errorOf({ message, fault }: Failure): StorageError {
  return fault ? new StorageFaultError(fault, message) : new StorageError(message);
}
