import type { Answer, ClientToServer, Joined, LiveEntry, Peer, ServerToClient } from '../../protocol/conversation.js';
import { isRefusalCode, type Refusal, type RefusalCode } from '../../protocol/errors.js';
import { newCommandId, newShapeId } from '../../protocol/names.js';
import type { CommandBody } from '../../protocol/timeline/commands/index.js';
import { draw, post } from './commands.js';
import type { Backend, ConnectRequest } from './backend.js';
import { within } from './patience.js';
import { stroke } from './strokes.js';
import type { TestSocket } from './test-socket.js';
import type { TokenRequest } from './tokens.js';

type FactName = keyof ServerToClient;
type Fact<Name extends FactName> = Parameters<ServerToClient[Name]>[0];
type OrderName = Exclude<keyof ClientToServer, 'l'>;

interface Heard {
  readonly name: string;
  readonly args: readonly unknown[];
}

interface Waiting {
  readonly wants: (heard: Heard) => boolean;
  readonly resolve: (heard: Heard) => void;
}

/** Milliseconds after which a test that waits in vain fails. */
const PATIENCE = 10_000;

/**
 * A raw client that remembers what it heard until it is asked for, so that a test need not listen
 * before it happens. Nothing waits for time: each thing waited for has a cause that the test has
 * set going.
 */
export class Talker {
  readonly socket: TestSocket;
  /**
   * By room and peer's number, as this one was told: whose number it is. Another connection may be
   * told other numbers.
   */
  readonly #people = new Map<string, string>();
  #heard: Heard[] = [];
  #waiting: Waiting[] = [];

  constructor(socket: TestSocket) {
    this.socket = socket;
    socket.onAny((name: string, ...args: unknown[]) => this.#hear({ name, args }));
    socket.on('presence', ({ room, came }) => this.#know(room, came));
    socket.on('connect_error', fault => this.#hear({ name: 'connect_error', args: [fault] }));
    socket.on('disconnect', reason => this.#hear({ name: 'disconnect', args: [reason] }));
  }

  /** Connects with a token of the backend, and is let in. */
  static async enter(backend: Backend, request: TokenRequest & Omit<ConnectRequest, 'token'> = {}): Promise<Talker> {
    const { origin, transports, node, ...token } = request;
    const talker = new Talker(
      backend.connect({
        ...(token.site !== undefined && { site: token.site }),
        ...(origin !== undefined && { origin }),
        ...(transports && { transports }),
        ...(node !== undefined && { node }),
        token: await backend.token(token),
      }),
    );
    await talker.hears('welcome');
    return talker;
  }

  /** The next fact of this name, or the next that is as wanted; heard already or yet to come. */
  async hears<Name extends Exclude<FactName, 'f'>>(
    name: Name,
    wanted: (fact: Fact<Name>) => boolean = () => true,
  ): Promise<Fact<Name>> {
    const heard = await this.#next(one => one.name === name && wanted(one.args[0] as Fact<Name>));
    return heard.args[0] as Fact<Name>;
  }

  /** The next live frame, or the next that is as wanted: pairs of a peer and what it did. */
  async frame(
    wanted: (entry: LiveEntry, peer: number) => boolean = () => true,
  ): Promise<readonly [number, LiveEntry][]> {
    const pairsOf = ([, ...pairs]: readonly unknown[]): [number, LiveEntry][] =>
      pairs.flatMap((peer, index) => (index % 2 === 0 ? [[peer, pairs[index + 1]] as [number, LiveEntry]] : []));
    const heard = await this.#next(({ name, args }) => {
      return name === 'f' && pairsOf(args).some(([peer, entry]) => wanted(entry, peer));
    });
    return pairsOf(heard.args);
  }

  /** What was heard of this name and not asked for. */
  unasked(name: FactName): readonly (readonly unknown[])[] {
    return this.#heard.filter(heard => heard.name === name).map(({ args }) => args);
  }

  /** Why the connection was refused; undefined where no reason came with it. */
  async refused(): Promise<Refusal | undefined> {
    const { args } = await this.#next(heard => heard.name === 'connect_error');
    const fault = args[0];
    if (typeof fault !== 'object' || fault === null || !('data' in fault)) return undefined;
    const { data } = fault;
    if (typeof data !== 'object' || data === null || !('code' in data) || !isRefusalCode(data.code)) return undefined;
    return data as Refusal;
  }

  /** Resolves when the connection has ended. */
  async ended(): Promise<void> {
    await this.#next(heard => heard.name === 'disconnect');
  }

  /** Orders, and answers what was answered. */
  async ask<Name extends OrderName>(
    name: Name,
    order: Parameters<ClientToServer[Name]>[0],
  ): Promise<Parameters<Parameters<ClientToServer[Name]>[1]>[0]> {
    return await this.askAnything(name, order);
  }

  /** Orders what no client of ours would. */
  askAnything(name: string, ...order: unknown[]): Promise<Answer<object>> {
    return new Promise((resolve, reject) => {
      this.socket.once('disconnect', () => reject(new Error(`disconnected before ${name} was answered`)));
      const emit: unknown = Reflect.get(this.socket, 'emit');
      if (typeof emit === 'function') Reflect.apply(emit, this.socket, [name, ...order, resolve]);
    });
  }

  async join(room: string): Promise<Joined> {
    const joined = succeeded(await this.ask('join', { room }));
    this.#know(room, joined.here);
    return joined;
  }

  /** The id of the person behind a peer's number, as far as this one was told. */
  who(room: string, peer: number): string | undefined {
    return this.#people.get(`${room} ${peer}`);
  }

  async command(room: string, body: CommandBody, id = newCommandId()): Promise<number> {
    return succeeded(await this.ask('command', { room, id, body })).seq;
  }

  post(room: string, text: string): Promise<number> {
    return this.command(room, post(text));
  }

  /** Draws a short stroke; returns its id. */
  async draw(room: string, id = newShapeId()): Promise<string> {
    await this.command(room, draw(stroke({ id, scale: 0, points: 'CCCC' })));
    return id;
  }

  #know(room: string, peers: readonly Peer[]): void {
    for (const { peer, person } of peers) this.#people.set(`${room} ${peer}`, person.id);
  }

  #next(wants: Waiting['wants']): Promise<Heard> {
    const index = this.#heard.findIndex(wants);
    const [known] = index === -1 ? [] : this.#heard.splice(index, 1);
    if (known) return Promise.resolve(known);
    const comes = new Promise<Heard>(resolve => this.#waiting.push({ wants, resolve }));
    const others = () => this.#heard.map(({ name }) => name).join(', ') || 'nothing';
    return within(PATIENCE, comes, () => `never heard, only ${others()}`);
  }

  #hear(heard: Heard): void {
    const index = this.#waiting.findIndex(({ wants }) => wants(heard));
    const [waiting] = index === -1 ? [] : this.#waiting.splice(index, 1);
    if (waiting) waiting.resolve(heard);
    else this.#heard.push(heard);
  }
}

/** What a success carries; throws where it is a refusal. */
export function succeeded<Success extends object>(answer: Answer<Success>): Success {
  if (!answer.ok) throw new Error(`${answer.error.code}: ${answer.error.message}`);
  return answer;
}

/** The code of a refusal; undefined for a success. */
export function codeOf(answer: Answer<object>): RefusalCode | undefined {
  return answer.ok ? undefined : answer.error.code;
}
