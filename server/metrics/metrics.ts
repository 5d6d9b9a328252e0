import { performance } from 'node:perf_hooks';

import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

import { RefusedError, type RefusalCode } from '../../protocol/errors.js';
import type { Cluster } from '../cluster/cluster.js';

/** Values that are read at each scrape rather than counted. */
export interface Readings {
  /** Connections by site. */
  readonly connections: ReadonlyMap<string, number>;
  /** Rooms with somebody in them, and rooms held in memory. */
  readonly attended: number;
  readonly resident: number;
  /** Commands that wait for a turn. */
  readonly waiting: number;
  /** Lanes with a turn running or waiting. */
  readonly working: number;
  /** Whether the link to the other nodes is up, and the traffic over it. */
  readonly cluster: Pick<Cluster, 'connected' | 'counters'>;
  /** Bytes over all network connections since the start. */
  readonly bytes: { readonly received: number; readonly sent: number };
}

/**
 * Sites with figures of their own. The rest share one label, so that many sites don't flood
 * Prometheus.
 */
const SITES_NAMED = 50;
const THE_REST = '_other';

/** Seconds: from what a good disk takes to what somebody notices. */
const DURATIONS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Refusals that are the server's own fault. */
const FAILURES: ReadonlySet<RefusalCode> = new Set(['unavailable', 'internal']);

/** The server's metrics, for Prometheus. One per server; they cost a few additions a command. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #commands = this.#counter('commands_total', 'Commands by what they were and what came of them', [
    'type',
    'outcome',
  ]);
  readonly #refusals = this.#counter('refusals_total', 'Refusals by code and by what was refused', ['code', 'of']);
  readonly #came = this.#counter('connections_total', 'Connections that were let in', ['transport']);
  readonly #closedSlow = this.#counter(
    'slow_readers_closed_total',
    'Connections closed because too much waited for them',
  );
  readonly #frames = this.#counter('live_frames_total', 'Live frames, each for all of a room');
  readonly #events = this.#counter('events_total', 'Events kept by this node');
  readonly #deliveries = this.#counter('event_deliveries_total', 'Events told, times those who were told');
  readonly #turn = this.#histogram('turn_seconds', 'From the start of a turn until it is kept and told');
  readonly #turnWait = this.#histogram(
    'turn_wait_seconds',
    'From the start of a turn until storage hands its rooms over: what others who write there make it wait',
  );
  readonly #commit = this.#histogram('commit_seconds', 'From when a turn is decided until it is on the disk');
  readonly #wait = this.#histogram('command_seconds', "From a command's arrival until its acknowledgement");
  readonly #requests = this.#histogram('http_request_seconds', 'HTTP requests by route and status', [
    'route',
    'status',
  ]);
  readonly #bytes = this.#counter('network_bytes_total', 'Bytes over all network connections since the start', [
    'direction',
  ]);
  readonly #connections = this.#gauge('connections', 'Connections just now, by site', ['site']);
  readonly #rooms = this.#gauge('rooms', 'Rooms with somebody in them (attended), rooms held in memory (resident)', [
    'state',
  ]);
  readonly #waiting = this.#gauge('commands_waiting', 'Commands that wait for a turn');
  readonly #working = this.#gauge('turn_lanes_working', 'Lanes of turns that have something to do');
  readonly #missed = this.#counter(
    'events_missed_total',
    'Events of other nodes that were found in storage, as nobody had told of them',
  );
  readonly #clusterConnected = this.#gauge(
    'cluster_connected',
    'Whether the other nodes are heard: 1, or 0 while nothing is acknowledged; 1 where there is one node',
  );
  readonly #clusterNodes = this.#gauge('cluster_nodes', 'Nodes that live, as this one sees it, and this one');
  readonly #clusterMessages = this.#counter('cluster_messages_total', 'Messages between this node and the others', [
    'direction',
  ]);
  readonly #clusterBytes = this.#counter(
    'cluster_bytes_total',
    'Bytes of the messages between this node and the others',
    ['direction'],
  );
  readonly #clusterIgnored = this.#counter(
    'cluster_ignored_total',
    'Messages of other nodes that this one could not read',
  );
  readonly #clusterReconnects = this.#counter(
    'cluster_reconnects_total',
    'How often this node was cut off from the others and has come back',
  );
  #read: (() => Readings) | undefined;

  /**
   * @param options.ofProcess also collects Node's own metrics: memory, CPU, event loop, garbage
   *   collection. Once in a process.
   */
  constructor({ ofProcess = false }: { readonly ofProcess?: boolean } = {}) {
    if (ofProcess) collectDefaultMetrics({ register: this.#registry });
  }

  /** Sets what each `render` reads. */
  reads(read: () => Readings): void {
    this.#read = read;
  }

  /** Counts a command by its outcome, and measures how long it took. */
  async measure<Success>(type: string, obey: () => Promise<Success>): Promise<Success> {
    const started = performance.now();
    let outcome: 'accepted' | 'refused' | 'failed' = 'failed';
    try {
      const success = await obey();
      outcome = 'accepted';
      return success;
    } catch (fault) {
      if (fault instanceof RefusedError && !FAILURES.has(fault.code)) outcome = 'refused';
      throw fault;
    } finally {
      this.#commands.inc({ type, outcome });
      this.#wait.observe((performance.now() - started) / 1_000);
    }
  }

  refused(code: RefusalCode, of: 'connect' | 'packet' | 'order' | 'live' | 'http' | 'admin'): void {
    this.#refusals.inc({ code, of });
  }

  came(transport: string): void {
    this.#came.inc({ transport });
  }

  closedSlow(): void {
    this.#closedSlow.inc();
  }

  frame(): void {
    this.#frames.inc();
  }

  /** Counts events that this node appended. */
  kept(events: number): void {
    this.#events.inc(events);
  }

  /** Counts events sent to people on this node, whichever node appended them. */
  told(events: number, readers: number): void {
    this.#deliveries.inc(events * readers);
  }

  /** Counts events of other nodes that were found in storage: their message was lost or late. */
  missed(events: number): void {
    this.#missed.inc(events);
  }

  turn(seconds: number): void {
    this.#turn.observe(seconds);
  }

  turnWait(seconds: number): void {
    this.#turnWait.observe(seconds);
  }

  commit(seconds: number): void {
    this.#commit.observe(seconds);
  }

  /** @param route the pattern that matched, never the path: labels must be few */
  request(route: string, status: number, seconds: number): void {
    this.#requests.observe({ route, status }, seconds);
  }

  /** Renders them in Prometheus' text format. */
  async render(): Promise<{ readonly type: string; readonly body: string }> {
    if (this.#read) this.#take(this.#read());
    return { type: this.#registry.contentType, body: await this.#registry.metrics() };
  }

  #take({ connections, attended, resident, waiting, working, cluster, bytes }: Readings): void {
    const { connected, counters } = cluster;
    this.#connections.reset();
    const largest = [...connections].sort(([, one], [, other]) => other - one);
    for (const [index, [site, count]] of largest.entries()) {
      this.#connections.inc({ site: index < SITES_NAMED ? site : THE_REST }, count);
    }
    this.#rooms.set({ state: 'attended' }, attended);
    this.#rooms.set({ state: 'resident' }, resident);
    this.#waiting.set(waiting);
    this.#working.set(working);
    this.#clusterConnected.set(connected ? 1 : 0);
    this.#clusterNodes.set(counters.nodes);
    this.#clusterIgnored.reset();
    this.#clusterIgnored.inc(counters.ignored);
    this.#clusterReconnects.reset();
    this.#clusterReconnects.inc(counters.reconnects);
    this.#bytes.reset();
    this.#clusterMessages.reset();
    this.#clusterBytes.reset();
    for (const direction of ['received', 'sent'] as const) {
      this.#bytes.inc({ direction }, bytes[direction]);
      this.#clusterMessages.inc({ direction }, counters[direction].messages);
      this.#clusterBytes.inc({ direction }, counters[direction].bytes);
    }
  }

  #counter<Label extends string = never>(name: string, help: string, labelNames: Label[] = []): Counter<Label> {
    return new Counter({ name: `chalk_talk_${name}`, help, labelNames, registers: [this.#registry] });
  }

  #gauge<Label extends string = never>(name: string, help: string, labelNames: Label[] = []): Gauge<Label> {
    return new Gauge({ name: `chalk_talk_${name}`, help, labelNames, registers: [this.#registry] });
  }

  #histogram<Label extends string = never>(name: string, help: string, labelNames: Label[] = []): Histogram<Label> {
    return new Histogram({
      name: `chalk_talk_${name}`,
      help,
      labelNames,
      buckets: DURATIONS,
      registers: [this.#registry],
    });
  }
}
