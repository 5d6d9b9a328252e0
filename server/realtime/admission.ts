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
import type { TokenVerifier } from '../auth/token-verifier.js';
import { type EngineConnection, forgetHandshake } from './engine-connection.js';
import type { OriginGate } from './origin-gate.js';
import type { PeopleSocket } from './people.js';
import type { PresentConnections } from './present-connections.js';

const connectAuth = TypeCompiler.Compile(ConnectAuthSchema);

/** How often one connection may try to be let in: once, and again with a fresh token. */
const ATTEMPTS = 5;

/** What a client is told when it is not let in. */
export class ConnectRefused extends Error {
  /** Where Socket.IO looks for what to send along. */
  readonly data: Refusal;

  constructor(data: Refusal) {
    super(data.message);
    this.data = data;
  }
}

export interface AdmissionOptions {
  readonly gate: OriginGate;
  readonly sites: SiteDirectory;
  readonly tokens: TokenVerifier;
  readonly connections: Pick<PresentConnections, 'count'>;
}

/** Decides who is let into the namespace, by the CONNECT that they sent. */
export class Admission {
  readonly #options: AdmissionOptions;
  readonly #attempts = new WeakMap<EngineConnection, number>();
  readonly #pending = new WeakSet<EngineConnection>();

  constructor(options: AdmissionOptions) {
    this.#options = options;
  }

  /**
   * Leaves the identity with the socket.
   *
   * @throws RefusedError for whoever is not let in
   */
  async admit(socket: PeopleSocket): Promise<void> {
    const connection = socket.conn;
    const attempt = (this.#attempts.get(connection) ?? 0) + 1;
    this.#attempts.set(connection, attempt);
    // One connection is one person: a second CONNECT beside the first one has no meaning, and a flood of them a cost.
    if (attempt > ATTEMPTS || this.#pending.has(connection)) {
      connection.close();
      throw new RefusedError('rate_limited');
    }
    this.#pending.add(connection);
    try {
      socket.data.identity = await this.#identify(socket);
    } finally {
      this.#pending.delete(connection);
      // The token has served its purpose; nothing later may log or keep it.
      forgetHandshake(socket);
    }
  }

  async #identify(socket: PeopleSocket): Promise<Identity> {
    const { gate, sites, tokens, connections } = this.#options;
    const { site: id, origin } = gate.visitor(socket.conn) ?? { site: '', origin: undefined };
    const site = sites.site(id);
    const fault = judgeOrigin(site, origin);
    if (fault || !site) throw new RefusedError(fault ?? 'site_unknown');
    const auth = connectAuthOf(socket.handshake.auth);
    const identity = await tokens.verify(id, auth.token);
    const misuse = judgeServerUse(origin, identity);
    if (misuse) throw new RefusedError(misuse);
    const { ofSite, ofPerson } = connections.count(id, identity.person.id);
    if (ofSite >= site.limits.connections || ofPerson >= LIMITS.connectionsPerPerson) {
      throw new RefusedError('rate_limited', { retryAfter: 10_000 });
    }
    socket.data.origin = origin;
    return identity;
  }
}

/** What was sent with the CONNECT. Its version first: the rest may have another form in another version. */
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

/** A fault of admission as the client is told of it. */
export function connectRefused(fault: unknown): ConnectRefused {
  return new ConnectRefused(explain(fault instanceof RefusedError ? fault.toRefusal() : refusal('internal')));
}
