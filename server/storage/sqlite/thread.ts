/**
 * The thread of the database: what blocks while the disk works, and what takes long on a large board, happens here and not
 * where connections are served.
 */
import { parentPort, workerData } from 'node:worker_threads';

import { createEngine } from './create-engine.js';
import { openDatabase } from './database.js';
import type { Arguments, Call, CallName, Engine, FromThread, Result, ThreadData } from './engine.js';

if (!parentPort) throw new TypeError('This file is run as a thread by DatabaseThread.');
const port = parentPort;
const { file, secretKey, lockPatience } = workerData as ThreadData;

const answer = (message: FromThread) => port.postMessage(message);
const reasonOf = (fault: unknown) => (fault instanceof Error ? fault.message : String(fault));

function open(): Engine | undefined {
  try {
    return createEngine(openDatabase(file, lockPatience), secretKey, Date.now);
  } catch (fault) {
    answer({ type: 'unusable', message: reasonOf(fault) });
    return undefined;
  }
}

/** The engine as a table of calls: written so, the compiler sees that a name's arguments fit its call. */
type Calls = { readonly [Name in CallName]: (...args: Arguments<Name>) => Result<Name> | Promise<Result<Name>> };

function run<Name extends CallName>(engine: Calls, { name, args }: Call<Name>): Result<Name> | Promise<Result<Name>> {
  return engine[name](...args);
}

function serve(engine: Engine): void {
  port.on('message', (call: Call) => {
    const { number, name } = call;
    const done = (result: Result<CallName>) => answer({ type: 'done', number, result });
    const failed = (fault: unknown) => answer({ type: 'failed', number, message: reasonOf(fault) });
    try {
      const result = run(engine, call);
      // What is done at once is answered before the next call is looked at.
      if (result instanceof Promise) result.then(done, failed);
      else done(result);
    } catch (fault) {
      failed(fault);
    }
    if (name === 'close') port.close();
  });
  answer({ type: 'ready' });
}

const engine = open();
if (engine) serve(engine);
