import { hash } from 'node:crypto';
import { setImmediate as nextRound } from 'node:timers/promises';

import type { Position } from '../protocol/conversation.js';
import { RefusedError } from '../protocol/errors.js';
import { GuestTokens } from './auth/guest-tokens.js';
import { SiteDirectory } from './auth/site-directory.js';
import { SiteFollower } from './auth/site-follower.js';
import { TokenVerifier } from './auth/token-verifier.js';
import { type Clock, systemClock } from './clock.js';
import { singleNode } from './cluster/single-node.js';
import type { Cluster } from './cluster/cluster.js';
import type { Shutdown } from './config/config.js';
import { partsOf } from './domain/room-key.js';
import type { Backups, Storage } from './domain/storage.js';
import { OWN_FILE, SHARED_DATABASE } from './domain/turn-pacer.js';
import { FailedTokens } from './limits/failed-tokens.js';
import { httpApp } from './http/http-app.js';
import { httpOrigin, listen, newHttpServer } from './http/http-server.js';
import { ScriptArchive } from './http/script-archive.js';
import { KINDS, type Kinds } from './kinds.js';
import type { Logger } from './log.js';
import { Metrics } from './metrics/metrics.js';
import { TurnMeter } from './metrics/turn-meter.js';
import { NetworkTraffic } from './network-traffic.js';
import { DEFAULT_RATES, type Rates } from './limits/rates.js';
import { Readiness } from './readiness.js';
import { Gateway } from './realtime/gateway.js';
import type { Transport } from './realtime/transport.js';
import { Retention } from './retention.js';
import { RoomLanes } from './room-lanes.js';
import { Settlement } from './limits/settlement.js';
import { guarded } from './storage/guarded-storage.js';
import type { Sharing } from './storage/storage-driver.js';
import { StorageHealth, type Writable } from './storage/storage-health.js';

export interface AppOptions {
  /** Opened by the caller, and closed by the caller after the app. */
  readonly storage: Storage & Partial<Backups & Writable> & Sharing;
  /**
   * The other nodes that serve the same storage; opened and closed by the caller as well. Default:
   * there are none.
   */
  readonly cluster?: Cluster;
  /** The operator's secret; the guests' signing keys are derived from it. */
  readonly secretKey: string;
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  /** The origin at which browsers reach it; default where it listens. */
  readonly publicUrl?: string | undefined;
  /** The folder of the built widget. Where it is missing no script is served. */
  readonly bundleDir: string;
  /** Where the scripts of every version are kept; without it only this version's are served. */
  readonly scriptsDir?: string;
  /** The version of this package. */
  readonly version: string;
  /** Opens the operator's API and the metrics; without it the first is off. */
  readonly adminToken?: string | undefined;
  /** Opens the metrics alone; without either they are off. */
  readonly metricsToken?: string | undefined;
  /** How many proxies in front add to `X-Forwarded-For`; default none. */
  readonly trustedProxies?: number;
  readonly log: Logger;
  readonly clock?: Clock;
  readonly rates?: Partial<Rates>;
  /** Rooms held in memory; there is a default. */
  readonly residentRooms?: number;
  /** Bytes that they take together; there is a default. */
  readonly residentBytes?: number;
  /** Bytes of snapshots that are kept ready; there is a default. */
  readonly snapshotBytes?: number;
  /**
   * Of the time between the two, half is for moving people to other nodes, where there are any;
   * there is a default.
   */
  readonly shutdown?: Shutdown;
  /** Default: those of this app alone, without the process's. */
  readonly metrics?: Metrics;
  /** What can be asked of rooms and happen in them; default all that there is. */
  readonly kinds?: Kinds;
  /** For tests of the transport alone; default as pages need it. */
  readonly transport?: Transport | undefined;
}

export interface App {
  /** Where it listens, as an origin: `http://127.0.0.1:3000`. */
  readonly url: string;
  readonly port: number;
  /** The sites and their keys; what is changed through here holds at once. */
  readonly sites: SiteDirectory;
  /** What `close` waits for, in words; undefined before and after it. */
  readonly waitingFor: string | undefined;
  /** From now on `/readyz` says that it is about to close; everyone is still served. */
  drain(): void;
  /**
   * Answers what was begun, sends everyone to other nodes or tells them when to come back, and
   * stops listening. Harmless when called again.
   */
  close(): Promise<void>;
}

const DEFAULT_SHUTDOWN: Shutdown = { delay: 0, timeout: 15_000 };

/**
 * Milliseconds that responses under way, and whatever else is on connections, have to end when the
 * server goes.
 */
const RESPONSES_WITHIN = 3_000;

/**
 * Lanes of turns where other servers hold rooms too: see RoomLanes. More of them share less of what
 * a turn costs. A file has one writer, and needs one.
 */
const SHARED_LANES = 3;

/** Puts the server together from what it is given, and starts it. */
export async function createApp(options: AppOptions): Promise<App> {
  const { secretKey, log, version, clock = systemClock, metrics = new Metrics(), cluster = singleNode() } = options;
  const {
    adminToken,
    metricsToken,
    scriptsDir,
    residentRooms,
    residentBytes,
    snapshotBytes,
    trustedProxies = 0,
  } = options;
  const { shutdown = DEFAULT_SHUTDOWN, kinds = KINDS } = options;
  const isAlone = options.cluster === undefined;
  const rates = { ...DEFAULT_RATES, ...options.rates };
  const now = () => clock.now();
  const started = now();
  const { isShared } = options.storage;
  const health = new StorageHealth({ storage: options.storage, sideBySide: isShared, clock, log });
  const storage = guarded(options.storage, health);
  const sites = await SiteDirectory.load(storage, now, () => cluster.tellSites()).catch((fault: unknown) => {
    health.close();
    throw fault;
  });
  const guests = new GuestTokens(secretKey, sites);
  const tokens = new TokenVerifier({ sites, guests, now });
  const settlement = options.cluster && new Settlement({ budgets: cluster.budgets, clock, log });
  const failedTokens = new FailedTokens({ tokens, rate: rates.failures, now, settlement });
  const readiness = new Readiness(storage, clock, health, cluster);
  let url = '';
  const publicUrl = () => options.publicUrl ?? url;
  const connectionsOf = (site: string) => gateway.connections.get(site) ?? 0;
  const status = async () => ({
    version,
    publicUrl: publicUrl(),
    uptime: now() - started,
    ready: (await readiness.report()).ready,
    connections: [...gateway.connections.values()].reduce((sum, count) => sum + count, 0),
  });
  const archive = scriptsDir === undefined ? undefined : new ScriptArchive({ folder: scriptsDir, log });
  const http = await httpApp({
    script: { folder: options.bundleDir, version, archive },
    pages: { storage, tokens: failedTokens, guests, clock, rates, settlement, version, snapshotBytes },
    gate: { sites, publicUrl },
    admin: { adminToken, sites, storage, connectionsOf, status, clock, log },
    requests: { log, metrics, clock, trustedProxies },
    metricsToken,
    readiness,
  });
  const answer = http.callback();
  const httpServer = newHttpServer((request, response) => void answer(request, response));
  const traffic = new NetworkTraffic(httpServer);
  const rooms = new RoomLanes(isShared ? SHARED_LANES : 1, {
    storage,
    kinds,
    policy: room => ({ keepsTimes: sites.site(partsOf(room).site)?.strokeTimes ?? false }),
    gap: isShared ? SHARED_DATABASE : OWN_FILE,
    now,
    after: (delay, task) => clock.after(delay, task),
    digest: text => hash('sha256', text, 'base64url'),
    report: fault => {
      // What storage refuses it has logged.
      if (!(fault instanceof RefusedError)) log.error({ err: fault }, 'a room failed');
    },
    announce: (room, epoch, events) => {
      metrics.kept(events.length);
      gateway.announce(room, epoch, events);
      cluster.announce(room, epoch, events);
    },
    ...(isShared && { told: (room): Position | undefined => gateway.told(room) }),
    watch: new TurnMeter(metrics),
    limits: {
      ...(residentRooms !== undefined && { resident: residentRooms }),
      ...(residentBytes !== undefined && { residentBytes }),
    },
  });
  const gateway = new Gateway({
    httpServer,
    storage,
    rooms,
    kinds,
    sites,
    tokens,
    failedTokens,
    clock,
    rates,
    metrics,
    log,
    version,
    publicUrl,
    trustedProxies,
    settlement,
    transport: options.transport,
    cluster,
    isAlone,
    isStorageShared: isShared,
  });
  metrics.reads(() => ({
    connections: gateway.connections,
    attended: gateway.attendedRooms,
    resident: rooms.counters.resident,
    waiting: rooms.counters.waiting,
    working: rooms.counters.working,
    cluster,
    bytes: traffic.bytes,
  }));
  const port = await listen(httpServer, options.port, options.host).catch(async (fault: unknown) => {
    // What now and then looks at the other nodes would keep the process.
    await gateway.close();
    settlement?.close();
    health.close();
    throw fault;
  });
  url = httpOrigin(options.host, port);
  log.info({ url, version }, 'listening');
  const retention = new Retention({ sites, storage, clock, log });
  const siteFollower = isShared ? new SiteFollower({ sites, cluster, clock, log }) : undefined;

  let waitingFor: string | undefined;
  async function stop(): Promise<void> {
    readiness.drain();
    // Not waited for: it works in steps, between which it may be cut off, and a large site has
    // many.
    void retention.close();
    siteFollower?.close();
    if (!isAlone) {
      waitingFor = 'people to move to other nodes';
      await gateway.moveAway((shutdown.timeout - shutdown.delay) / 2);
    }
    waitingFor = 'commands under way';
    await gateway.keepInk();
    await rooms.close();
    // Their acknowledgements have some steps to go yet, and nothing is sent after the farewell.
    await nextRound();
    waitingFor = 'connections to close';
    const cancel = clock.after(RESPONSES_WITHIN, () => traffic.end());
    await gateway.close();
    cancel();
    waitingFor = undefined;
    settlement?.close();
    health.close();
    log.info('closed');
  }

  let stopped: Promise<void> | undefined;
  return {
    url,
    port,
    sites,
    get waitingFor() {
      return waitingFor;
    },
    drain: () => readiness.drain(),
    close: () => (stopped ??= stop()),
  };
}
