import { type IncomingMessage, ServerResponse } from 'node:http';

import { refusal, type RefusalCode } from '../../protocol/errors.js';
import { explain } from '../../protocol/explanations.js';
import { judgeOrigin, ownOrigin } from '../auth/origin.js';
import type { SiteDirectory } from '../auth/site-directory.js';
import { clientAddress } from '../client-address.js';
import { type EngineConnection, forgetFarewell, forgetRequest, queryOf, sessionId } from './engine-connection.js';
import type { PeopleServer } from './people.js';

/**
 * Where a connection comes from, as its handshake said and as every request of it must say again.
 */
export interface Visitor {
  readonly site: string;
  readonly origin: string | undefined;
  /** As far as the proxies in front are to be believed. */
  readonly address: string;
}

export interface OriginGateOptions {
  readonly sites: SiteDirectory;
  /** The origin at which browsers reach this server. */
  readonly publicUrl: () => string;
  /** How many proxies in front add to what is believed; see clientAddress. */
  readonly trustedProxies: number;
}

interface Visit {
  readonly connection: EngineConnection;
  readonly visitor: Visitor;
}

/** What is written to; its class is generic, which `instanceof` can't tell. */
type OutgoingResponse = Pick<ServerResponse, 'setHeader' | 'writeHead' | 'end'>;

/** How long a browser may remember what a preflight said, in seconds. */
const PREFLIGHT_LASTS = '7200';

/**
 * Judges site and Origin of every request that reaches Engine.IO: handshake, poll, upgrade and
 * preflight. The `cors` option of Socket.IO would not do: a WebSocket connects whatever it says,
 * and it has one list for all sites.
 */
export class OriginGate {
  readonly #options: OriginGateOptions;
  /** By session id. */
  readonly #visits = new Map<string, Visit>();
  #isShut = false;

  constructor(options: OriginGateOptions) {
    this.#options = options;
  }

  /** Stands before a server that listens already. */
  guard({ engine }: PeopleServer): void {
    engine.use((request: IncomingMessage, response: unknown, next: (fault?: Error) => void) => {
      if (this.#isShut && isNew(request)) return void request.socket.destroy();
      // An upgrade has no response to write to: it fails, and the connection with it.
      if (response instanceof ServerResponse) this.#answer(request, response, next);
      else next(this.#judge(request) && new Error('origin'));
    });
    engine.on('connection', (connection: EngineConnection) => {
      const id = sessionId(connection);
      this.#visits.set(id, { connection, visitor: this.#visitorOf(connection.request) });
      // It comes once; `once` would keep more for it.
      connection.on('close', () => {
        this.#visits.delete(id);
        forgetFarewell(connection);
      });
      forgetRequest(connection);
    });
  }

  /**
   * Lets nobody new in, while whoever is there is served. Who is sent by a proxy is hung up on
   * without an answer: then it asks another node, and for a while not this one, to which it would
   * else send everybody once it has the fewest. Anyone else is refused in words, by the gateway.
   */
  shut(): void {
    this.#isShut = this.#options.trustedProxies > 0;
  }

  visitor(connection: EngineConnection): Visitor | undefined {
    return this.#visits.get(sessionId(connection))?.visitor;
  }

  /** All connections, whether they said who they are or not. */
  get connections(): EngineConnection[] {
    return [...this.#visits.values()].map(({ connection }) => connection);
  }

  #judge(request: IncomingMessage): RefusalCode | undefined {
    const { site, origin } = this.#visitorOf(request);
    const fault = judgeOrigin(this.#options.sites.site(site), origin);
    if (fault) return fault;
    // A session id is worth nothing to another page.
    const known = this.#visits.get(queryOf(request)['sid'] ?? '')?.visitor;
    return known && (known.site !== site || known.origin !== origin) ? 'origin_not_allowed' : undefined;
  }

  #answer(request: IncomingMessage, response: OutgoingResponse, next: () => void): void {
    const fault = this.#judge(request);
    const preflight = request.method === 'OPTIONS';
    const { origin } = request.headers;
    response.setHeader('Vary', 'Origin');
    response.setHeader('Cache-Control', 'no-store');
    response.setHeader('X-Content-Type-Options', 'nosniff');
    // As in siteGate: a page may read why it is refused, and nothing but that.
    if (origin !== undefined && !(fault && preflight)) response.setHeader('Access-Control-Allow-Origin', origin);
    if (fault) {
      response.writeHead(403, { 'Content-Type': 'application/json' });
      response.end(JSON.stringify({ error: explain(refusal(fault)) }));
    } else if (preflight) {
      response.setHeader('Access-Control-Allow-Methods', 'GET, POST');
      response.setHeader('Access-Control-Allow-Headers', 'Content-Type');
      response.setHeader('Access-Control-Max-Age', PREFLIGHT_LASTS);
      response.writeHead(204);
      response.end();
    } else next();
  }

  #visitorOf(request: IncomingMessage): Visitor {
    const { publicUrl, trustedProxies } = this.#options;
    const { headers } = request;
    return {
      site: queryOf(request)['site'] ?? '',
      origin: headers.origin ?? ownOrigin(headers, publicUrl()),
      address: clientAddress(request, trustedProxies),
    };
  }
}

/** Whether it begins a session rather than being a part of one. */
function isNew(request: IncomingMessage): boolean {
  return queryOf(request)['sid'] === undefined;
}
