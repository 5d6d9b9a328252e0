/**
 * What a customer adds to their own server: one route that knows who has signed in and signs what
 * they may do. It knows nothing of Chalk Talk's code, only of tokens.
 */
import { SignJWT } from 'jose';
import type { Middleware } from 'koa';

import { DEMO_ROOM, type DemoSite } from './sites.js';

/** A key of the site, as its operator was given it. */
export interface SigningKey {
  readonly kid: string;
  readonly secret: Uint8Array;
}

/** Seconds that a token lasts; the element asks for a new one in time. */
const LIFETIME = 15 * 60;

/** Answers POST /chalk-token. */
export function chalkToken(site: DemoSite, key: SigningKey): Middleware {
  return async (context, next) => {
    if (context.path !== '/chalk-token') {
      await next();
      return;
    }
    if (context.method !== 'POST') return context.throw(405);
    // The element sends this header. A form on a foreign page can't, and a foreign script would be
    // asked for CORS first.
    if (context.get('x-chalk-talk') === '') return context.throw(403);

    // The demo's login: whom the address names. A real site looks into its own session here.
    const [first = ''] = Object.keys(site.people);
    const sub = typeof context.query['as'] === 'string' ? context.query['as'] : first;
    const person = Object.hasOwn(site.people, sub) ? site.people[sub] : undefined;
    if (!person) return context.throw(401);

    context.set('cache-control', 'no-store');
    context.body = {
      token: await new SignJWT({ name: person.name, rooms: { [DEMO_ROOM]: person.role } })
        .setProtectedHeader({ alg: 'HS256', kid: key.kid })
        .setIssuer(site.id)
        .setAudience('chalk-talk')
        .setSubject(sub)
        .setIssuedAt()
        .setExpirationTime(`${LIFETIME}s`)
        .sign(key.secret),
    };
  };
}
