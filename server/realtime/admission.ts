import { TypeCompiler } from '@sinclair/typebox/compiler';

import type { ConnectAuth } from '../../protocol/conversation.js';
import { RefusedError, type Refusal, refusal } from '../../protocol/errors.js';
import { explain } from '../../protocol/explanations.js';
import { LIMITS } from '../../protocol/limits.js';
import { ConnectAuthSchema } from '../../protocol/schema/orders.js';
import { SPOKEN_VERSIONS } from '../../protocol/version.js';
import type { Identity } from '../auth/identity.js';
import { judgeOrigin, judgeServerUse } from '../auth/origin.js';
import type { SiteDirectory } from '../auth/site-directory.js';
import type { SharedConnections } from '../cluster/cluster.js';
import type { Site } from '../domain/site.js';
import type { FailedTokens } from '../limits/failed-tokens.js';
import { addressGroup } from '../client-address.js';
import { PacedQueue } from '../paced-queue.js';
import type { ConnectionBudget, FormerBudgets } from './connection-budget.js';
import { decoderOf, type EngineConnection, forgetHandshake } from './engine-connection.js';
import type { OriginGate } from './origin-gate.js';
import { GuardedDecoder } from './packet-guard.js';
import type { PeopleSocket } from './people.js';
import { holderOf } from './person-rates.js';
import type { PresentConnections } from './present-connections.js';

const connectAuth = TypeCompiler.Compile(ConnectAuthSchema);

/** How often one connection may try to connect: once, and again with fresh tokens. */
const ATTEMPTS = 5;
/** The most sockets that may wait for admission: a few seconds' worth. */
const WAITING = 4_000;
/** The fastest pace, in admissions a second: each costs a verification and what follows. */
const FASTEST = 1_000;
/** When refused clients should return if too many wait, in milliseconds: spread at random. */
const RETURN = { from: 1_000, over: 4_000 };
/** When to return if there are too many connections, in milliseconds: spread at random. */
const TOO_MANY_RETURN = { from: 10_000, over: 10_000 };

/** The error that a refused client gets. */
export class ConnectRefused extends Error {
  /** Socket.IO sends this along with the error. */
  readonly data: Refusal;

  constructor(data: Refusal) {
    super(data.message);
    this.data = data;
  }
}

/** A socket to be admitted, as far as is known before its token is verified. */
interface Caller {
  readonly site: Site;
  readonly origin: string | undefined;
  readonly address: string;
  readonly token: string;
  /** Of the conversation. */
  readonly version: number;
}

/** A socket that waits for admission. */
interface Waiting {
  readonly connection: EngineConnection;
  readonly proceed: () => void;
  readonly giveUp: (refusal: RefusedError) => void;
}

export interface AdmissionOptions {
  readonly gate: OriginGate;
  readonly sites: SiteDirectory;
  readonly tokens: FailedTokens;
  readonly connections: Pick<PresentConnections, 'count' | 'expect'>;
  /** Connections to the other nodes. */
  readonly sharedConnections: Pick<SharedConnections, 'elsewhere'>;
  readonly formerBudgets: FormerBudgets;
}

/** Decides who may join the namespace, by their CONNECT. When many come at once, they are paced. */
export class Admission {
  readonly #options: AdmissionOptions;
  readonly #attempts = new WeakMap<EngineConnection, number>();
  readonly #pending = new WeakSet<EngineConnection>();
  readonly #queue = new PacedQueue<Waiting>({
    limit: WAITING,
    fastest: FASTEST,
    isGone: ({ connection }) => connection.readyState !== 'open',
    release: ({ proceed }) => proceed(),
    refuse: ({ giveUp }) => giveUp(new RefusedError('unavailable', { retryAfter: sometime(RETURN) })),
  });

  constructor(options: AdmissionOptions) {
    this.#options = options;
  }

  /**
   * Sets the identity on the socket.
   *
   * @throws RefusedError where it is not admitted
   */
  async admit(socket: PeopleSocket): Promise<void> {
    const connection = socket.conn;
    const attempt = (this.#attempts.get(connection) ?? 0) + 1;
    this.#attempts.set(connection, attempt);
    // One connection is one person. A second CONNECT beside the first one is meaningless, and a
    // flood of them costs time.
    if (attempt > ATTEMPTS || this.#pending.has(connection)) {
      connection.close();
      throw new RefusedError('rate_limited');
    }
    this.#pending.add(connection);
    try {
      const caller = this.#judge(socket);
      await this.#turn(connection, caller.address);
      const identity = await this.#identify(socket, caller);
      socket.data.identity = identity;
      socket.data.version = caller.version;
      socket.data.budget = this.#budget(socket, identity);
    } finally {
      this.#pending.delete(connection);
      // The token is not needed any more, so that nothing later can log or keep it.
      forgetHandshake(socket);
    }
  }

  /** Everything that can be checked without waiting or verifying. */
  #judge(socket: PeopleSocket): Caller {
    const { gate, sites, tokens } = this.#options;
    const visitor = gate.visitor(socket.conn);
    if (!visitor) throw new RefusedError('site_unknown');
    const { site: id, origin, address } = visitor;
    const site = sites.site(id);
    const fault = judgeOrigin(site, origin);
    if (fault || !site) throw new RefusedError(fault ?? 'site_unknown');
    const { token, protocol } = connectAuthOf(socket.handshake.auth);
    tokens.judge(id, token, address);
    return { site, origin, address, token, version: protocol };
  }

  async #identify(socket: PeopleSocket, { site, origin, address, token }: Caller): Promise<Identity> {
    const identity = await this.#options.tokens.verify(site.id, token, address);
    const misuse = judgeServerUse(origin, identity);
    if (misuse) throw new RefusedError(misuse);
    await this.#claim(site, identity.person.id);
    socket.data.origin = origin;
    return identity;
  }

  /** Counts a connection against the limits of its site and person, over all nodes. */
  async #claim({ id, limits }: Site, person: string): Promise<void> {
    const { connections, sharedConnections } = this.#options;
    const elsewhere = await sharedConnections.elsewhere(id, person);
    const here = connections.count(id, person);
    if (
      here.ofSite + elsewhere.ofSite >= limits.connections ||
      here.ofPerson + elsewhere.ofPerson >= LIMITS.connectionsPerPerson
    ) {
      throw new RefusedError('too_many_connections', { retryAfter: sometime(TOO_MANY_RETURN) });
    }
    // Several lookups may resolve at once. The socket is counted as expected until the event loop
    // goes on: by then it is here, or never will be.
    setImmediate(connections.expect(id, person));
  }

  /** Waits for its turn. Never resolves if the connection closes first, since nobody waits then. */
  #turn(connection: EngineConnection, address: string): Promise<void> {
    return new Promise((proceed, giveUp) => {
      this.#queue.add({ connection, proceed, giveUp }, addressGroup(address));
    });
  }

  /** The connection's budget: what a former connection of the person left, if there is one. */
  #budget(socket: PeopleSocket, identity: Identity): ConnectionBudget | undefined {
    const decoder = decoderOf(socket);
    if (!(decoder instanceof GuardedDecoder)) return undefined;
    const former = this.#options.formerBudgets.take(holderOf(identity));
    if (former) decoder.budget = former;
    return decoder.budget;
  }
}

function sometime({ from, over }: { readonly from: number; readonly over: number }): number {
  return Math.round(from + Math.random() * over);
}

/** Parses a CONNECT. The version comes first, because other versions may have other fields. */
function connectAuthOf({ token, protocol }: Readonly<Record<string, unknown>>): ConnectAuth {
  if (typeof protocol === 'number' && !SPOKEN_VERSIONS.includes(protocol)) {
    throw new RefusedError('protocol_unsupported');
  }
  if (token === undefined || token === '') throw new RefusedError('token_missing');
  if (typeof token === 'string' && token.length > LIMITS.tokenBytes) throw new RefusedError('token_invalid');
  const rebuilt = { token, protocol };
  if (!connectAuth.Check(rebuilt)) throw new RefusedError('invalid_input');
  return rebuilt;
}

/** A failed admission, as the client is told of it. */
export function connectRefused(fault: unknown): ConnectRefused {
  return new ConnectRefused(explain(fault instanceof RefusedError ? fault.toRefusal() : refusal('internal')));
}
