import type { Server as HttpServer } from 'node:http';

import { Server } from 'socket.io';

import type { Position } from '../../protocol/conversation.js';
import { RefusedError } from '../../protocol/errors.js';
import { LIMITS } from '../../protocol/limits.js';
import type { AnyEvent } from '../../protocol/timeline/events.js';
import { PEOPLE_NAMESPACE, SOCKET_PATH } from '../../protocol/version.js';
import type { SiteDirectory } from '../auth/site-directory.js';
import type { TokenVerifier } from '../auth/token-verifier.js';
import type { Clock } from '../clock.js';
import type { Cluster } from '../cluster/cluster.js';
import type { RoomKey } from '../domain/room-key.js';
import type { Rooms } from '../domain/rooms.js';
import type { RoomStorage } from '../domain/storage.js';
import type { FailedTokens } from '../limits/failed-tokens.js';
import type { Kinds } from '../kinds.js';
import type { Logger } from '../log.js';
import type { Metrics } from '../metrics/metrics.js';
import type { Rates } from '../limits/rates.js';
import type { Settlement } from '../limits/settlement.js';
import { onlyWhileConnected } from '../only-while-connected.js';
import { Admission, type ConnectRefused, connectRefused } from './admission.js';
import { AttendedRooms } from './attended-rooms.js';
import { BeatGuard } from './beat-guard.js';
import { FormerBudgets } from './connection-budget.js';
import { Connection } from './connection.js';
import { Conversation } from './conversation.js';
import { moveAway, sayFarewell, sentElsewhere } from './departure.js';
import { Dismissal } from './dismissal.js';
import { type EngineConnection, hangUp } from './engine-connection.js';
import { ExpiryWatch } from './expiry-watch.js';
import { OriginGate } from './origin-gate.js';
import { guardedParser } from './packet-guard.js';
import type { PeopleNamespace, PeopleServer, PeopleSocket } from './people.js';
import { holderOf, PersonRates } from './person-rates.js';
import { PresentConnections } from './present-connections.js';
import { RoomOrders } from './room-orders.js';
import { SiteChanges } from './site-changes.js';
import { LOST, TimelineFollower } from './timeline-follower.js';
import type { Transport } from './transport.js';

export interface GatewayOptions {
  /** Its requests under SOCKET_PATH, and its upgrades, are the gateway's. */
  readonly httpServer: HttpServer;
  readonly storage: RoomStorage;
  readonly rooms: Pick<Rooms, 'submit'>;
  readonly kinds: Kinds;
  readonly sites: SiteDirectory;
  readonly tokens: TokenVerifier;
  /** The same, for those of whom nobody knows anything yet. */
  readonly failedTokens: FailedTokens;
  readonly clock: Clock;
  readonly rates: Rates;
  /** Where limits count over several nodes. */
  readonly settlement?: Settlement | undefined;
  readonly metrics: Metrics;
  readonly log: Logger;
  /** The server's version, which clients are told. */
  readonly version: string;
  /** The origin at which browsers reach this server. */
  readonly publicUrl: () => string;
  /** How many proxies in front add to what is believed of an address. */
  readonly trustedProxies: number;
  /** For tests of the transport alone. */
  readonly transport?: Transport | undefined;
  readonly cluster: Cluster;
  /** Whether there are no other nodes that this one hears. */
  readonly isAlone: boolean;
  /** Whether what others keep may be found in storage, and what was kept may be gone. */
  readonly isStorageShared: boolean;
}

/**
 * Milliseconds in which a client must have said who it is, and been let in: in a storm it waits for
 * its turn.
 */
const CONNECT_WITHIN = 10_000;
/** Milliseconds that a change of transport may take. */
const UPGRADE_WITHIN = 5_000;
/** The live side of the server: people in rooms, over Socket.IO. */
export class Gateway {
  readonly #options: GatewayOptions;
  readonly #server: PeopleServer;
  readonly #namespace: PeopleNamespace;
  readonly #gate: OriginGate;
  readonly #attendedRooms: AttendedRooms;
  readonly #personRates: PersonRates;
  readonly #conversation: Conversation;
  readonly #dismissal: Dismissal;
  readonly #formerBudgets = new FormerBudgets();
  readonly #expiry: ExpiryWatch;
  readonly #connections: PresentConnections;
  readonly #follower: TimelineFollower | undefined;
  readonly #siteChanges: SiteChanges;
  #isMoving = false;
  /** Of those who were sent to other nodes. */
  #sent: readonly EngineConnection[] = [];
  #closed: Promise<void> | undefined;

  constructor(options: GatewayOptions) {
    this.#options = options;
    const { httpServer, sites, failedTokens, clock, rates, settlement, transport, cluster } = options;
    const now = () => clock.now();
    this.#connections = new PresentConnections(cluster.connections);
    this.#server = new Server(httpServer, {
      path: SOCKET_PATH,
      serveClient: false,
      // Measured: compression costs ten times the CPU and memory of everything else about a
      // message.
      perMessageDeflate: false,
      httpCompression: false,
      maxHttpBufferSize: LIMITS.packetBytes,
      connectTimeout: CONNECT_WITHIN,
      upgradeTimeout: UPGRADE_WITHIN,
      parser: guardedParser(rates, now),
      ...transport?.settings,
    });
    if (transport?.open) transport.open(this.#server);
    else this.#server.use((_socket, next) => next(this.#refused(new RefusedError('not_found'))));
    this.#gate = new OriginGate(options);
    this.#gate.guard(this.#server);
    const beats = new BeatGuard(rates.beats, now);
    this.#server.engine.on('connection', (connection: EngineConnection) => beats.watch(connection));
    this.#namespace = this.#server.of(PEOPLE_NAMESPACE);
    this.#attendedRooms = new AttendedRooms({ ...options, namespace: this.#namespace });
    this.#personRates = new PersonRates({ rates, sites, now, settlement });
    const rooms = onlyWhileConnected(options.rooms, cluster);
    const orders = new RoomOrders({ ...options, rooms, attendedRooms: this.#attendedRooms });
    this.#dismissal = new Dismissal(options);
    this.#conversation = new Conversation({ ...options, orders, rates: this.#personRates, dismissal: this.#dismissal });
    this.#expiry = new ExpiryWatch(this.#connections, clock);
    const admission = new Admission({
      sites,
      gate: this.#gate,
      tokens: failedTokens,
      connections: this.#connections,
      sharedConnections: cluster.connections,
      formerBudgets: this.#formerBudgets,
    });
    this.#namespace.use((socket, next) => {
      if (this.#closed) return next(this.#refused(new RefusedError('unavailable')));
      if (this.#isMoving) return next(this.#refused(new RefusedError('unavailable', { retryAfter: sentElsewhere() })));
      admission.admit(socket).then(
        () => next(),
        (fault: unknown) => next(this.#refused(fault)),
      );
    });
    this.#namespace.on('connection', socket => this.#welcome(socket));
    this.#follower = options.isStorageShared
      ? new TimelineFollower({ ...options, attendedRooms: this.#attendedRooms })
      : undefined;
    this.#siteChanges = new SiteChanges(sites, this.#connections);
  }

  /** How many connections each site has. */
  get connections(): ReadonlyMap<string, number> {
    return this.#connections.bySite;
  }

  /** How many rooms somebody is in. */
  get attendedRooms(): number {
    return this.#attendedRooms.all.length;
  }

  /** How far a room's timeline has been told here; undefined where nobody is in it. */
  told(room: RoomKey): Position | undefined {
    return this.#attendedRooms.told(room);
  }

  /** Tells a room what was kept: to be called after the commit, in order. */
  announce(room: RoomKey, epoch: string, events: readonly AnyEvent[]): void {
    const told = this.told(room);
    if (told && told.epoch !== epoch) this.#options.log.warn({ room, told: told.seq }, LOST);
    this.#attendedRooms.announce(room, epoch, events);
  }

  /**
   * Keeps all strokes in progress as they are so far, since the server is about to go: for before
   * the rooms close.
   */
  keepInk(): Promise<void> {
    return this.#attendedRooms.keepInk();
  }

  /**
   * Lets nobody in any more, and sends everyone to the other nodes, a few at a time, while the rest
   * are served as ever.
   *
   * @param within milliseconds that it may take
   */
  moveAway(within: number): Promise<void> {
    this.#isMoving = true;
    this.#gate.shut();
    const people = this.#connections.all;
    this.#sent = people.map(({ socket }) => socket.conn);
    return moveAway(people, within, this.#options.clock);
  }

  /**
   * Lets nobody in any more, tells everyone to come back, each at another time, and ends when all
   * connections are closed, those of the HTTP server too. Harmless when called again.
   */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  #welcome(socket: PeopleSocket): void {
    const { clock, version, metrics, log } = this.#options;
    const { identity } = socket.data;
    const connection = new Connection({ socket, attendedRooms: this.#attendedRooms, metrics });
    // Before anything is awaited, so that no order comes too early.
    this.#conversation.begin(connection);
    this.#connections.add(connection);
    this.#expiry.wake();
    metrics.came(socket.conn.transport.name);
    socket.on('disconnect', reason => {
      connection.close();
      this.#connections.delete(connection);
      if (socket.data.budget) this.#formerBudgets.keep(holderOf(identity), socket.data.budget);
      log.info({ connection: socket.id, site: identity.site, reason }, 'left');
    });
    socket.on('error', fault => this.#unreadable(connection, fault));
    log.info({ connection: socket.id, site: identity.site, transport: socket.conn.transport.name }, 'came');
    socket.emit('welcome', { expires: identity.expires, now: clock.now(), version });
    // What is true of its site may have changed between the verification and now.
    this.#siteChanges.hold(connection);
  }

  /**
   * What a connection sent is not read. An event of that name is heard here too, and is nothing.
   */
  #unreadable(connection: Connection, fault: unknown): void {
    if (!(fault instanceof Error)) return;
    const refused = fault instanceof RefusedError ? fault : new RefusedError('invalid_input');
    this.#dismissal.dismiss(connection, refused.toRefusal(), 'packet');
  }

  #refused(fault: unknown): ConnectRefused {
    if (!(fault instanceof RefusedError)) this.#options.log.error({ err: fault }, 'an admission failed');
    const refused = connectRefused(fault);
    this.#options.metrics.refused(refused.data.code, 'connect');
    return refused;
  }

  async #close(): Promise<void> {
    this.#siteChanges.close();
    this.#expiry.close();
    this.#personRates.close();
    this.#follower?.close();
    const { clock, isAlone } = this.#options;
    await sayFarewell(this.#connections.all, this.#sent, clock, isAlone ? undefined : sentElsewhere);
    this.#attendedRooms.close();
    this.#dismissal.close();
    for (const connection of this.#gate.connections) hangUp(connection);
    await this.#server.close();
  }
}
