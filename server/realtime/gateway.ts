import type { Server as HttpServer } from 'node:http';

import { Server } from 'socket.io';

import { RefusedError, refusal } from '../../protocol/errors.js';
import { LIMITS } from '../../protocol/limits.js';
import type { TimelineEvent } from '../../protocol/timeline/events.js';
import { PEOPLE_NAMESPACE, SOCKET_PATH } from '../../protocol/version.js';
import { Grants } from '../auth/grants.js';
import { GUEST_KEY } from '../auth/guest-tokens.js';
import { judgeOrigin } from '../auth/origin.js';
import type { SiteChange, SiteDirectory } from '../auth/site-directory.js';
import type { TokenVerifier } from '../auth/token-verifier.js';
import type { Clock } from '../clock.js';
import type { RoomKey } from '../domain/room-key.js';
import type { Rooms } from '../domain/rooms.js';
import type { RoomStorage } from '../domain/storage.js';
import type { Logger } from '../log.js';
import type { Rates } from '../rates.js';
import { Admission, connectRefused } from './admission.js';
import { AttendedRooms } from './attended-rooms.js';
import { Connection } from './connection.js';
import { converse } from './conversation.js';
import { type EngineConnection, hangUp } from './engine-connection.js';
import { OriginGate } from './origin-gate.js';
import { guardedParser } from './packet-guard.js';
import type { PeopleNamespace, PeopleServer, PeopleSocket } from './people.js';
import { PersonRates } from './person-rates.js';
import { RoomOrders } from './room-orders.js';

export interface GatewayOptions {
  /** Its requests under SOCKET_PATH, and its upgrades, are the gateway's. */
  readonly httpServer: HttpServer;
  readonly storage: RoomStorage;
  readonly rooms: Rooms;
  readonly sites: SiteDirectory;
  readonly tokens: TokenVerifier;
  readonly clock: Clock;
  readonly rates: Rates;
  readonly log: Logger;
  /** The server's version, which clients are told. */
  readonly version: string;
}

/** Milliseconds in which a client must have said who it is. */
const CONNECT_WITHIN = 5_000;
/** Milliseconds over which clients are told to come back when the server goes, so that they don't all come at once. */
const RETURN_WITHIN = { from: 500, until: 5_000 };
/** Milliseconds that connections have for reading why they are closed. */
const FAREWELL = 1_000;

/** The live side of the server: people in rooms, over Socket.IO. */
export class Gateway {
  readonly #options: GatewayOptions;
  readonly #server: PeopleServer;
  readonly #namespace: PeopleNamespace;
  readonly #gate: OriginGate;
  readonly #attendedRooms: AttendedRooms;
  readonly #personRates: PersonRates;
  readonly #orders: RoomOrders;
  /** By site. */
  readonly #connections = new Map<string, Set<Connection>>();
  readonly #stopListening: () => void;
  #closed: Promise<void> | undefined;

  constructor(options: GatewayOptions) {
    this.#options = options;
    const { httpServer, sites, tokens, clock, rates } = options;
    const now = () => clock.now();
    this.#server = new Server(httpServer, {
      path: SOCKET_PATH,
      serveClient: false,
      // Measured: compression costs ten times the CPU and memory of everything else about a message.
      perMessageDeflate: false,
      httpCompression: false,
      maxHttpBufferSize: LIMITS.packetBytes,
      connectTimeout: CONNECT_WITHIN,
      parser: guardedParser(rates, now),
    });
    this.#gate = new OriginGate(sites);
    this.#gate.guard(this.#server);
    this.#namespace = this.#server.of(PEOPLE_NAMESPACE);
    this.#attendedRooms = new AttendedRooms(this.#namespace, clock);
    this.#personRates = new PersonRates({ rates, sites, now });
    this.#orders = new RoomOrders({ ...options, attendedRooms: this.#attendedRooms });
    const connectionsOf = (site: string, person: string) => {
      const ofSite = [...(this.#connections.get(site) ?? [])];
      const ofPerson = ofSite.filter(({ identity }) => identity.person.id === person);
      return { ofSite: ofSite.length, ofPerson: ofPerson.length };
    };
    const admission = new Admission({ gate: this.#gate, sites, tokens, connectionsOf });
    this.#server.use((_socket, next) => next(connectRefused(new RefusedError('not_found'))));
    this.#namespace.use((socket, next) => {
      if (this.#closed) return next(connectRefused(new RefusedError('unavailable')));
      admission.admit(socket).then(
        () => next(),
        (fault: unknown) => {
          if (!(fault instanceof RefusedError)) options.log.error({ err: fault }, 'an admission failed');
          next(connectRefused(fault));
        },
      );
    });
    this.#namespace.on('connection', socket => this.#welcome(socket));
    this.#stopListening = sites.listen(change => this.#follow(change));
  }

  /** Tells a room what was kept: to be called after the commit, in order. */
  announce(room: RoomKey, epoch: string, events: readonly TimelineEvent[]): void {
    this.#attendedRooms.announce(room, epoch, events);
  }

  /**
   * Lets nobody in any more, tells everyone to come back, each at another time, and ends when all connections are closed,
   * those of the HTTP server too. Harmless when called again.
   */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  #welcome(socket: PeopleSocket): void {
    const { sites, clock, version, log } = this.#options;
    const { identity } = socket.data;
    const connection = new Connection({ socket, attendedRooms: this.#attendedRooms, clock });
    // Before anything is awaited, so that no order comes too early.
    converse(connection, { orders: this.#orders, rates: this.#personRates, log });
    const ofSite = this.#connections.get(identity.site) ?? new Set();
    this.#connections.set(identity.site, ofSite.add(connection));
    socket.on('disconnect', reason => {
      connection.close();
      ofSite.delete(connection);
      log.info({ connection: socket.id, site: identity.site, reason }, 'left');
    });
    log.info({ connection: socket.id, site: identity.site, transport: socket.conn.transport.name }, 'came');
    socket.emit('welcome', { expires: identity.expires, now: clock.now(), version });
    // Its key may have been revoked between the verification and now.
    const known = identity.kid === GUEST_KEY || sites.key(identity.site, identity.kid) !== undefined;
    if (!known) connection.bye(refusal('token_invalid'));
  }

  /** Holds those who are connected to what is now true of their site. */
  #follow(change: SiteChange): void {
    const site = change.type === 'site' ? change.site.id : change.site;
    for (const connection of [...(this.#connections.get(site) ?? [])]) {
      if (change.type === 'key.revoked') {
        if (connection.identity.kid === change.kid) connection.bye(refusal('token_invalid'));
        continue;
      }
      const fault = judgeOrigin(change.site, connection.origin);
      if (fault) connection.bye(refusal(fault));
      else if (connection.identity.kid === GUEST_KEY) {
        connection.adopt({ ...connection.identity, grants: new Grants(change.site.guests) });
      }
    }
  }

  async #close(): Promise<void> {
    this.#stopListening();
    this.#personRates.close();
    const { from, until } = RETURN_WITHIN;
    const people = [...this.#connections.values()].flatMap(ofSite => [...ofSite]);
    const leaving = people.map(({ socket }) => socket.conn);
    for (const connection of people) {
      connection.bye(refusal('unavailable', Math.round(from + Math.random() * (until - from))));
    }
    await this.#farewell(leaving.filter(({ readyState }) => readyState !== 'closed'));
    this.#attendedRooms.close();
    for (const connection of this.#gate.connections) hangUp(connection);
    await this.#server.close();
  }

  /** Waits until they have gone, but not long for those who don't read. */
  async #farewell(leaving: readonly EngineConnection[]): Promise<void> {
    if (leaving.length === 0) return;
    await new Promise<void>(resolve => {
      const cancel = this.#options.clock.after(FAREWELL, resolve);
      let left = leaving.length;
      for (const connection of leaving) {
        connection.once('close', () => {
          left -= 1;
          if (left > 0) return;
          cancel();
          resolve();
        });
      }
    });
  }
}
