/**
 * The thread of the database: it does what blocks on the disk or takes long on a large board, so
 * that connections are served meanwhile.
 */
import { parentPort, workerData } from 'node:worker_threads';

import { StorageError } from '../../domain/storage.js';
import { FAULT_WORDS } from '../storage-fault.js';
import { createEngine } from './create-engine.js';
import { openDatabase } from './database.js';
import {
  type Arguments,
  type Call,
  type CallName,
  type Engine,
  type Failure,
  type FromThread,
  type Result,
  type ThreadData,
  WRITING,
} from './engine.js';
import { faultOf } from './faults.js';
import { HeldFile } from './database-file.js';
import { checkDatabase } from './check-database.js';

if (!parentPort) throw new TypeError('This file is run as a thread by DatabaseThread.');
const port = parentPort;
const { file, secretKey, lockPatience, known } = workerData as ThreadData;

const answer = (message: FromThread) => port.postMessage(message);

function failureOf(error: unknown): Failure {
  const message = error instanceof Error ? error.message : String(error);
  const fault = faultOf(error);
  const isExplained = error instanceof StorageError || !fault;
  return { message: isExplained ? message : `${FAULT_WORDS[fault]} ${file}: ${message}.`, fault };
}

/** An open database, and the files that it is in. */
interface Opened {
  readonly engine: Engine;
  readonly held: HeldFile;
}

function open(): Opened | undefined {
  try {
    if (known === undefined) checkDatabase(file, secretKey, lockPatience);
    const engine = createEngine(openDatabase(file, lockPatience, known), secretKey, Date.now);
    return { engine, held: new HeldFile(file) };
  } catch (fault) {
    answer({ type: 'unusable', failure: failureOf(fault) });
    return undefined;
  }
}

/** The engine as a mapped type: so the compiler sees that the arguments fit the call's name. */
type Calls = { readonly [Name in CallName]: (...args: Arguments<Name>) => Result<Name> | Promise<Result<Name>> };

function run<Name extends CallName>(
  { engine, held }: { readonly engine: Calls; readonly held: HeldFile },
  { name, args }: Call<Name>,
): Result<Name> | Promise<Result<Name>> {
  if (!WRITING.has(name)) return engine[name](...args);
  held.check();
  const result = withRoom(engine, () => engine[name](...args));
  // It may have been removed meanwhile, and then the write must not be acknowledged.
  held.check();
  return result;
}

/** Does a write. If the disk is full it is repeated once, after the log was truncated. */
function withRoom<Value>(engine: Calls, work: () => Value): Value {
  try {
    return work();
  } catch (fault) {
    if (faultOf(fault) !== 'full') throw fault;
    try {
      void engine.makeRoom();
      return work();
    } catch {
      throw fault;
    }
  }
}

function serve(opened: Opened): void {
  port.on('message', (call: Call) => {
    const { number, name } = call;
    const done = (result: Result<CallName>) => answer({ type: 'done', number, result });
    const failed = (fault: unknown) => answer({ type: 'failed', number, failure: failureOf(fault) });
    try {
      const result = run(opened, call);
      // A synchronous result is posted before the next call is read.
      if (result instanceof Promise) result.then(done, failed);
      else done(result);
    } catch (fault) {
      failed(fault);
    }
    if (name === 'close') port.close();
  });
  answer({ type: 'ready', file: opened.held.identity });
}

const opened = open();
if (opened) serve(opened);
