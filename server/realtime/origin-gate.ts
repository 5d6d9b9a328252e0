import { type IncomingMessage, ServerResponse } from 'node:http';

import { refusal, type RefusalCode } from '../../protocol/errors.js';
import { explain } from '../../protocol/explanations.js';
import { judgeOrigin, ownOrigin } from '../auth/origin.js';
import type { SiteDirectory } from '../auth/site-directory.js';
import { clientAddress } from '../client-address.js';
import { type EngineConnection, forgetFarewell, forgetRequest, queryOf, sessionId } from './engine-connection.js';
import type { PeopleServer } from './people.js';

/** A connection's address and origin, as its handshake said. Every later request must match. */
export interface Visitor {
  readonly site: string;
  readonly origin: string | undefined;
  /** As far as the proxies in front can be trusted. */
  readonly address: string;
}

export interface OriginGateOptions {
  readonly sites: SiteDirectory;
  /** The origin at which browsers reach this server. */
  readonly publicUrl: () => string;
  /** The number of proxies in front; see clientAddress. */
  readonly trustedProxies: number;
}

interface Visit {
  readonly connection: EngineConnection;
  readonly visitor: Visitor;
}

/** The response; its generic class can't be told by `instanceof`. */
type OutgoingResponse = Pick<ServerResponse, 'setHeader' | 'writeHead' | 'end'>;

/** How long a browser may cache a preflight, in seconds. */
const PREFLIGHT_LASTS = '7200';

/**
 * Checks site and Origin of every request that reaches Engine.IO: handshake, poll, upgrade and
 * preflight. Socket.IO's `cors` option is not enough: a WebSocket ignores it, and it has one list
 * for all sites.
 */
export class OriginGate {
  readonly #options: OriginGateOptions;
  /** By session id. */
  readonly #visits = new Map<string, Visit>();
  #isShut = false;

  constructor(options: OriginGateOptions) {
    this.#options = options;
  }

  /** Installs the gate on a server that listens already. */
  guard({ engine }: PeopleServer): void {
    engine.use((request: IncomingMessage, response: unknown, next: (fault?: Error) => void) => {
      if (this.#isShut && isNew(request)) return void request.socket.destroy();
      // An upgrade has no response to write to. It fails, and the connection with it.
      if (response instanceof ServerResponse) this.#answer(request, response, next);
      else next(this.#judge(request) && new Error('origin'));
    });
    engine.on('connection', (connection: EngineConnection) => {
      const id = sessionId(connection);
      this.#visits.set(id, { connection, visitor: this.#visitorOf(connection.request) });
      // `close` comes once; `once` would hold more memory for it.
      connection.on('close', () => {
        this.#visits.delete(id);
        forgetFarewell(connection);
      });
      forgetRequest(connection);
    });
  }

  /**
   * Admits no new connections, and serves the present ones. A request from a proxy is cut without
   * an answer, so that the proxy tries another node and avoids this one: it would otherwise send
   * everybody here, once it has the fewest connections. Anyone else gets a refusal from the
   * gateway.
   */
  shut(): void {
    this.#isShut = this.#options.trustedProxies > 0;
  }

  visitor(connection: EngineConnection): Visitor | undefined {
    return this.#visits.get(sessionId(connection))?.visitor;
  }

  /** All connections, admitted or not. */
  get connections(): EngineConnection[] {
    return [...this.#visits.values()].map(({ connection }) => connection);
  }

  #judge(request: IncomingMessage): RefusalCode | undefined {
    const { site, origin } = this.#visitorOf(request);
    const fault = judgeOrigin(this.#options.sites.site(site), origin);
    if (fault) return fault;
    // A session id is useless to another page.
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
    // As in siteGate: a page may read why it is refused, and nothing else.
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

/** Whether it begins a session. */
function isNew(request: IncomingMessage): boolean {
  return queryOf(request)['sid'] === undefined;
}
