import type { IncomingMessage } from 'node:http';
import { performance } from 'node:perf_hooks';

import type { Middleware } from 'koa';

import { randomId } from '../../protocol/names.js';
import { clientAddress } from '../client-address.js';
import type { Clock } from '../clock.js';
import type { Logger } from '../log.js';
import type { Metrics } from '../metrics/metrics.js';
import { isAdmin, type RequestState, routeOf } from './request-state.js';

/** Milliseconds between two lines. */
const AT_MOST_EVERY = 60_000;

/**
 * Logs requests to the operator's API without the operator's token. Anybody can send any number of
 * them, so it writes at most one line a minute, with how many there were since the one before. The
 * metrics count each.
 */
class RefusedOperators {
  readonly #log: Logger;
  readonly #clock: Clock;
  #since = 0;
  #toldAt = Number.NEGATIVE_INFINITY;

  constructor(log: Logger, clock: Clock) {
    this.#log = log;
    this.#clock = clock;
  }

  /** @param address the client's address */
  add(address: string): void {
    this.#since += 1;
    const now = this.#clock.now();
    if (now - this.#toldAt < AT_MOST_EVERY) return;
    this.#toldAt = now;
    this.#log.warn({ refused: this.#since, address }, "somebody without the operator's token asks the operator's API");
    this.#since = 0;
  }
}

export interface RequestLogOptions {
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly clock: Clock;
  /** The number of proxies in front; see clientAddress. */
  readonly trustedProxies: number;
}

/** A proxy's request id that may go into the log. */
const REQUEST_ID = /^[A-Za-z0-9_-]{1,64}$/;
/** Logged characters of a path: our longest is shorter. */
const PATH_LENGTH = 200;
/**
 * The status logged for a client that left before the answer. HTTP has none; nginx uses this one.
 */
const WENT_AWAY = 499;

/**
 * Gives each request an id and an address. When it ends it writes one line to the log, with the id
 * of a proxy in front, and without the query, which may hold anything; and it measures it for the
 * metrics.
 */
export function requestLog({ log, metrics, clock, trustedProxies }: RequestLogOptions): Middleware<RequestState> {
  const refusedOperators = new RefusedOperators(log, clock);
  const warnOfProxies = proxyWatch(log, trustedProxies);
  return async (context, next) => {
    const { req, res, method, path, state } = context;
    const started = performance.now();
    const request = randomId(16);
    // Never instead of our own: most proxies pass on what a visitor wrote there.
    const said = trustedProxies > 0 ? context.get('X-Request-Id') : '';
    const proxyRequest = REQUEST_ID.test(said) ? said : undefined;
    const address = clientAddress(req, trustedProxies);
    warnOfProxies(req);
    Object.assign(state, { request, address } satisfies RequestState);
    context.set('X-Request-Id', request);
    res.once('close', () => {
      const seconds = (performance.now() - started) / 1_000;
      const status = res.writableFinished ? res.statusCode : WENT_AWAY;
      metrics.request(routeOf(context, state), status, seconds);
      if (isAdmin(context) && !state.isOperator) refusedOperators.add(address);
      const level = state.isOperator ? 'info' : 'debug';
      if (!log.isLevelEnabled(level)) return;
      const ms = Math.round(seconds * 1_000);
      const line = { request, proxyRequest, method, path: path.slice(0, PATH_LENGTH), status, ms, address };
      log[level](line, 'answered');
    });
    await next();
  };
}

/**
 * Warns once that there seem to be proxies that TRUST_PROXY does not count: everyone behind them
 * shares the budget of one address. Only once, because anybody may send that header.
 */
function proxyWatch(log: Logger, trustedProxies: number): (request: IncomingMessage) => void {
  let isWatching = trustedProxies === 0;
  return ({ headers }) => {
    if (!isWatching || headers['x-forwarded-for'] === undefined) return;
    isWatching = false;
    log.warn('X-Forwarded-For is sent and not believed: where proxies are in front, set TRUST_PROXY to their number');
  };
}
