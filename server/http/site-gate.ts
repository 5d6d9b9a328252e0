import type { Middleware } from 'koa';

import { RefusedError } from '../../protocol/errors.js';
import { judgeOrigin, ownOrigin } from '../auth/origin.js';
import type { SiteDirectory } from '../auth/site-directory.js';
import type { Site } from '../domain/site.js';
import type { RequestState } from './request-state.js';

/** How long a browser may cache a preflight, in seconds: the maximum of all browsers. */
const PREFLIGHT_LASTS = 7_200;

const OF_A_SITE = /^\/v1\/sites\/([^/]*)\//;

/** What the gate adds to the state of a site's requests. */
export interface SiteState extends RequestState {
  readonly site: Site;
  /** The page's origin; undefined outside browsers. */
  readonly origin: string | undefined;
}

export interface SiteGateOptions {
  readonly sites: SiteDirectory;
  /** The origin at which browsers reach this server. */
  readonly publicUrl: () => string;
}

/**
 * Checks the Origin of everything under /v1/sites/:site, preflights too, and answers CORS
 * accordingly. There are no cookies, hence no credentials.
 */
export function siteGate({ sites, publicUrl }: SiteGateOptions): Middleware<RequestState> {
  return async (context, next) => {
    const id = OF_A_SITE.exec(context.path)?.[1];
    if (id === undefined) {
      await next();
      return;
    }
    context.vary('Origin');
    const said = context.get('Origin') || undefined;
    const site = sites.site(id);
    const origin = said ?? ownOrigin(context.headers, publicUrl());
    const fault = judgeOrigin(site, origin);
    const preflight = context.method === 'OPTIONS';
    // A refusal holds nothing of the site, so the page may read it: its author learns what to fix.
    // A preflight is refused without CORS headers, so no token is ever sent from there.
    if (said !== undefined && !(fault && preflight)) context.set('Access-Control-Allow-Origin', said);
    if (fault || !site) throw new RefusedError(fault ?? 'site_unknown');
    if (preflight) {
      context.set('Access-Control-Allow-Methods', 'GET, POST');
      context.set('Access-Control-Allow-Headers', 'Authorization, Content-Type, If-None-Match');
      context.set('Access-Control-Max-Age', String(PREFLIGHT_LASTS));
      context.status = 204;
      return;
    }
    context.set('Access-Control-Expose-Headers', 'ETag, Retry-After, X-Request-Id');
    Object.assign(context.state, { site, origin } satisfies Omit<SiteState, keyof RequestState>);
    await next();
  };
}
