import type { RouterContext } from '@koa/router';

import { RefusedError } from '../../protocol/errors.js';
import { ROOM_NAME } from '../../protocol/names.js';
import type { CheckAnswer } from '../../protocol/schema/http.js';
import { SPOKEN_VERSIONS } from '../../protocol/version.js';
import { Grants } from '../auth/grants.js';
import { grantRoom, type Identity } from '../auth/identity.js';
import { judgeServerUse } from '../auth/origin.js';
import { addressGroup } from '../client-address.js';
import type { Clock } from '../clock.js';
import type { FailedTokens } from '../limits/failed-tokens.js';
import type { Rates } from '../limits/rates.js';
import type { Settlement } from '../limits/settlement.js';
import { throttle, TokenBuckets } from '../limits/token-bucket.js';
import { bearerToken } from './read-request.js';
import type { SiteState } from './site-gate.js';

export interface SiteCheckOptions {
  readonly tokens: FailedTokens;
  readonly clock: Clock;
  readonly rates: Pick<Rates, 'checks'>;
  /** Given where other nodes answer checks too. */
  readonly settlement: Pick<Settlement, 'of'> | undefined;
  /** The server's version. */
  readonly version: string;
}

/**
 * Says whether a connection would be admitted, and if not why, without opening one. Protocol, token
 * and room are checked as for a connection, in the same order; `siteGate` has checked site and
 * origin. The token is optional: a page may ask before it has one.
 */
export function siteCheck({ tokens, clock, rates, settlement, version }: SiteCheckOptions) {
  const checksOf = new TokenBuckets(rates.checks, settlement?.of('checks'));
  return async (context: RouterContext<SiteState>): Promise<void> => {
    const { site, origin, address } = context.state;
    throttle(checksOf, addressGroup(address), clock.now());
    const { protocol, room } = context.query;
    if (!SPOKEN_VERSIONS.some(spoken => String(spoken) === protocol)) throw new RefusedError('protocol_unsupported');
    const token = bearerToken(context);
    const identity = token === undefined ? undefined : await tokens.verify(site.id, token, address);
    const misuse = identity && judgeServerUse(origin, identity);
    if (misuse) throw new RefusedError(misuse);
    if (typeof room !== 'string' || !ROOM_NAME.test(room)) throw new RefusedError('invalid_input');
    const answer: CheckAnswer = {
      version,
      now: clock.now(),
      guests: new Grants(site.guests).roleIn(room) !== undefined,
      ...(identity && whatItAllows(identity, room)),
    };
    context.set('Cache-Control', 'no-store');
    context.body = answer;
  };
}

function whatItAllows(identity: Identity, room: string): Required<Pick<CheckAnswer, 'person' | 'role' | 'expires'>> {
  const granted = grantRoom(identity, room);
  if (!granted) throw new RefusedError('room_forbidden');
  return { person: identity.person, role: granted.role, expires: identity.expires };
}
