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
 * Tells the log of requests for the operator's API that are not the operator's: anybody can send as
 * many as they like, so there is a line a minute at most, with how many there were since the one
 * before. The metrics count each.
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

  /** @param address where this one came from */
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
  /** How many proxies in front add to what is believed; see clientAddress. */
  readonly trustedProxies: number;
}

/** What of a proxy's own id is taken over into the log. */
const REQUEST_ID = /^[A-Za-z0-9_-]{1,64}$/;
/** Characters of a path that are logged: the longest of our own is shorter. */
const PATH_LENGTH = 200;
/**
 * How it is counted that who asked went away before the answer was sent. No status of HTTP's own
 * says that; nginx counts it so.
 */
const WENT_AWAY = 499;

/**
 * Gives each request an id of ours and an address, and tells what became of it when it is over: one
 * line in the log, without the query (there may be anything in it), and with the id that a proxy in
 * front gave it; and one observation for the metrics.
 */
export function requestLog({ log, metrics, clock, trustedProxies }: RequestLogOptions): Middleware<RequestState> {
  const refusedOperators = new RefusedOperators(log, clock);
  const warnOfProxies = proxyWatch(log, trustedProxies);
  return async (context, next) => {
    const { req, res, method, path, state } = context;
    const started = performance.now();
    const request = randomId(16);
    // Never in place of ours: most proxies hand on what a visitor wrote there.
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
 * Says once that there seem to be proxies which nobody reckons with: then everyone who comes
 * through them shares the budget of one address. Only once, for anybody may send that header.
 */
function proxyWatch(log: Logger, trustedProxies: number): (request: IncomingMessage) => void {
  let isWatching = trustedProxies === 0;
  return ({ headers }) => {
    if (!isWatching || headers['x-forwarded-for'] === undefined) return;
    isWatching = false;
    log.warn('X-Forwarded-For is sent and not believed: where proxies are in front, set TRUST_PROXY to their number');
  };
}
