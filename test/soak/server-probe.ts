/** Looks into a server process of a test, and harms it: the near side of probe.ts. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

/** Bytes. */
export interface Heap {
  readonly heapUsed: number;
  readonly external: number;
  readonly arrayBuffers: number;
}

/** A process after all that is no more in use was collected. */
export interface Measurement {
  readonly main: Heap;
  /** The thread of the database. */
  readonly thread: Heap;
  /** Bytes of the process that are in memory. */
  readonly rss: number;
  /** What keeps the process alive, by kind. */
  readonly resources: Readonly<Record<string, number>>;
}

/** `lose`: every thread ends; `leak`: from now on every socket is kept. */
export type ProbeWord = 'measure' | 'lose' | 'leak';
export type ProbeAnswer = Measurement | object;

const PROBE = fileURLToPath(new URL('probe.js', import.meta.url));

export class ServerProbe {
  readonly #path: string;

  /** @param folder where its socket may be */
  constructor(folder: string) {
    this.#path = join(folder, 'probe');
  }

  /** What the environment of the server process needs. */
  get environment(): NodeJS.ProcessEnv {
    return { NODE_OPTIONS: `--import=${PROBE}`, PROBE: this.#path };
  }

  async measure(): Promise<Measurement> {
    return JSON.parse(await this.#say('measure')) as Measurement;
  }

  /** Ends the thread of the database, in whatever it does. @throws Error where there is none */
  async loseThread(): Promise<void> {
    const { lost } = JSON.parse(await this.#say('lose')) as { readonly lost: number };
    if (lost === 0) throw new Error('The server has no thread to lose.');
  }

  /** Has the server keep every socket from now on. */
  async leak(): Promise<void> {
    await this.#say('leak');
  }

  async #say(word: ProbeWord): Promise<string> {
    const socket = connect(this.#path);
    await once(socket, 'connect');
    socket.write(`${word}\n`);
    return text(socket);
  }
}
