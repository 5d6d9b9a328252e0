import { TypeCompiler } from '@sinclair/typebox/compiler';
import Router, { type RouterContext } from '@koa/router';

import { RefusedError } from '../../protocol/errors.js';
import { LIMITS } from '../../protocol/limits.js';
import { type GuestAnswer, GuestRequestSchema, type HistoryPage } from '../../protocol/schema/http.js';
import { snapshotToVersion1 } from '../../protocol/timeline/version-1.js';
import { PROTOCOL_VERSION } from '../../protocol/version.js';
import { displayName } from '../auth/display-name.js';
import { Grants } from '../auth/grants.js';
import type { GuestTokens } from '../auth/guest-tokens.js';
import { grantRoom } from '../auth/identity.js';
import { judgeServerUse } from '../auth/origin.js';
import { AddressBudgets } from '../limits/address-budgets.js';
import type { Clock } from '../clock.js';
import type { RoomKey } from '../domain/room-key.js';
import type { RoomStorage } from '../domain/storage.js';
import type { FailedTokens } from '../limits/failed-tokens.js';
import type { Rates } from '../limits/rates.js';
import type { Settlement } from '../limits/settlement.js';
import { throttle, TokenBuckets } from '../limits/token-bucket.js';
import { bearerToken, readJson } from './read-request.js';
import { isKnown } from './entity-tag.js';
import { siteCheck } from './site-check.js';
import type { SiteState } from './site-gate.js';
import { SNAPSHOT_ENCODINGS, SnapshotBodies, snapshotTag } from './snapshot-bodies.js';

export interface PagesApiOptions {
  readonly storage: RoomStorage;
  readonly tokens: FailedTokens;
  readonly guests: GuestTokens;
  readonly clock: Clock;
  readonly rates: Rates;
  /** Where other nodes are asked as well. */
  readonly settlement: Pick<Settlement, 'of'> | undefined;
  /** The server's version. */
  readonly version: string;
  /** Bytes of snapshots that are kept ready; there is a default. */
  readonly snapshotBytes: number | undefined;
}

type PageContext = RouterContext<SiteState>;

/** Bytes of a request for a guest token: the name, the room, and the last token. */
const GUEST_REQUEST_BYTES = LIMITS.tokenBytes + 1_024;

const guestRequest = TypeCompiler.Compile(GuestRequestSchema);

/**
 * What pages ask over HTTP: whether they would be let in, tokens for guests, and what is too large
 * for the socket. Stands behind `siteGate`.
 */
export function pagesApi(options: PagesApiOptions): Router<SiteState> {
  const { storage, tokens, guests, clock, rates, settlement, snapshotBytes } = options;
  const bodies = new SnapshotBodies(storage, snapshotBytes);
  const formerBodies = new SnapshotBodies(storage, snapshotBytes, snapshotToVersion1);
  const requestsOf = new TokenBuckets(rates.requests, settlement?.of('requests'));
  const guestsOf = new TokenBuckets(rates.guests, settlement?.of('guests'));
  const guestsAt = new AddressBudgets(rates.guestsOfAddress, settlement?.of('guests of address'));
  // By the letter, as the gate reads paths: none leads in beside it.
  const router = new Router<SiteState>({ prefix: '/v1/sites/:site', sensitive: true });

  /** The room that the path names, once the token proved that it may be read. */
  async function readableRoom(context: PageContext): Promise<RoomKey> {
    const { site, origin, address } = context.state;
    const identity = await tokens.verify(site.id, bearerToken(context), address);
    const fault = judgeServerUse(origin, identity);
    if (fault) throw new RefusedError(fault);
    throttle(requestsOf, `${site.id}/${identity.person.id}`, clock.now());
    const granted = grantRoom(identity, context.params['room'] ?? '');
    if (!granted) throw new RefusedError('room_forbidden');
    return granted.key;
  }

  router.get('/check', siteCheck(options));

  router.post('/guests', async context => {
    const { site, origin, address } = context.state;
    // Anyone may ask, from a page of the site: there is no token yet that could vouch for a server.
    if (origin === undefined) throw new RefusedError('origin_missing');
    const wish = await readJson(context.req, GUEST_REQUEST_BYTES);
    const isRequest = guestRequest.Check(wish);
    const previous = isRequest ? wish.previous : undefined;
    const known = previous === undefined ? undefined : await guests.guestOf(site.id, previous, clock.now());
    // Whoever else asks at this address turns away nobody who was here.
    if (known) throttle(requestsOf, `${site.id}/${known.sub}`, clock.now());
    else throttle(guestsAt, address, clock.now());
    if (!isRequest) throw new RefusedError('invalid_input');
    if (!new Grants(site.guests).roleIn(wish.room)) throw new RefusedError('guests_not_allowed');
    const name = displayName(wish.name);
    if (name === undefined) throw new RefusedError('invalid_input', { message: 'The name has nothing to show.' });
    // What the whole site has is taken from last.
    if (!known) throttle(guestsOf, site.id, clock.now());
    const answer: GuestAnswer = { token: await guests.sign(site.id, name, wish.previous, clock.now()) };
    context.set('Cache-Control', 'no-store');
    context.body = answer;
  });

  router.get('/rooms/:room/snapshot', async context => {
    const room = await readableRoom(context);
    const head = await storage.head(room);
    context.set('Cache-Control', 'private, no-cache');
    context.vary('Authorization');
    context.vary('Accept-Encoding');
    if (isKnown(context, snapshotTag(head))) return;
    const accepted = context.acceptsEncodings(...SNAPSHOT_ENCODINGS);
    const encoding = SNAPSHOT_ENCODINGS.find(name => name === accepted) ?? 'identity';
    // The script of version 1 did not say what it speaks.
    const isPresent = context.query['protocol'] === String(PROTOCOL_VERSION);
    const body = await (isPresent ? bodies : formerBodies).body(room, head, encoding);
    context.set('ETag', body.etag);
    if (encoding !== 'identity') context.set('Content-Encoding', encoding);
    context.type = 'application/json';
    context.body = body.bytes;
  });

  router.get('/rooms/:room/messages', async context => {
    const room = await readableRoom(context);
    const { before } = context.query;
    if (typeof before !== 'string' || !/^\d{1,15}$/.test(before)) throw new RefusedError('invalid_input');
    const page: HistoryPage = await storage.messages(room, Number(before), LIMITS.messagesPerPage);
    context.set('Cache-Control', 'private, no-cache');
    context.vary('Authorization');
    context.body = page;
  });

  return router;
}
