/**
 * What is loaded into a server process by NODE_OPTIONS, so that a test can look into it and harm
 * it; no part of the server. It answers on the socket that PROBE names: a word, and a line of JSON.
 * See ServerProbe.
 */
import diagnostics from 'node:diagnostics_channel';
import module from 'node:module';
import { createServer } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import threads, { BroadcastChannel, isMainThread, Worker, type WorkerOptions } from 'node:worker_threads';

import type { Heap, ProbeAnswer, ProbeWord } from './server-probe.js';

/** A word that threads pass on, and the channel on which they do. */
const CHANNEL = 'probe';
const REPLY = 'probe reply';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/**
 * What is in use of this thread's heap after everything that is no more in use was collected, and
 * what lies outside of it.
 */
function heap(): Heap {
  // Twice: what is finalised at the first is gone after the second.
  for (let times = 0; times < 2; times += 1) collect();
  const { heapUsed, external, arrayBuffers } = process.memoryUsage();
  return { heapUsed, external, arrayBuffers };
}

/** A thread measures itself when it is told to. */
function answerForThread(): void {
  const [asked, reply] = [new BroadcastChannel(CHANNEL), new BroadcastChannel(REPLY)];
  asked.onmessage = () => reply.postMessage(heap());
  // Nothing of this keeps the thread from ending.
  for (const channel of [asked, reply]) Reflect.apply(Reflect.get(channel, 'unref') as () => void, channel, []);
}

function answerForProcess(path: string): void {
  const workers = new Set<Worker>();
  const leaked: unknown[] = [];
  class Observed extends Worker {
    constructor(file: string | URL, options?: WorkerOptions) {
      super(file, options);
      workers.add(this);
      this.once('exit', () => workers.delete(this));
    }
  }
  threads.Worker = Observed;
  module.syncBuiltinESMExports();

  const words: Record<ProbeWord, () => Promise<ProbeAnswer>> = {
    async measure() {
      const thread = await heapOfThread();
      const resources = new Map<string, number>();
      for (const name of process.getActiveResourcesInfo()) resources.set(name, (resources.get(name) ?? 0) + 1);
      const main = heap();
      return { main, thread, rss: process.memoryUsage.rss(), resources: Object.fromEntries(resources) };
    },
    async lose() {
      const lost = [...workers];
      await Promise.all(lost.map(worker => worker.terminate()));
      return { lost: lost.length };
    },
    leak() {
      diagnostics.subscribe('net.server.socket', message => leaked.push(message));
      return Promise.resolve({});
    },
  };
  const server = createServer(socket => {
    socket.on('error', () => socket.destroy());
    socket.once('data', word => {
      const act = words[word.toString().trim() as ProbeWord];
      void act().then(answer => socket.end(`${JSON.stringify(answer)}\n`));
    });
  });
  server.listen(path).unref();
}

function heapOfThread(): Promise<Heap> {
  const [ask, reply] = [new BroadcastChannel(CHANNEL), new BroadcastChannel(REPLY)];
  return new Promise(resolve => {
    reply.onmessage = ({ data }) => {
      for (const channel of [ask, reply]) channel.close();
      resolve(data as Heap);
    };
    ask.postMessage('measure');
  });
}

const path = process.env['PROBE'];
if (!isMainThread) answerForThread();
else if (path !== undefined) answerForProcess(path);
