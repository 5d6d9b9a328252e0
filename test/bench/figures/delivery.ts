import { setTimeout as wait } from 'node:timers/promises';

import type { Peer } from '../servers/peer.js';
import { inTurn, median, withPeer, type BothRounds, type Load } from './rounds.js';

/** Who is there, and how much is said. */
export interface Scene {
  readonly rooms: number;
  /** People in each. */
  readonly size: number;
  /** Messages a second in all rooms together. */
  readonly rate: number;
}

/** What delivering cost in one round. */
export interface DeliveryFigure {
  /** Microseconds of CPU of the server, all its threads, for each message that reached somebody. */
  readonly cpuPerDelivery: number;
  /** Of one core. */
  readonly cpuShare: number;
  readonly loadShare: number;
  readonly sentPerSecond: number;
  readonly deliveredPerSecond: number;
  /** Milliseconds from when a message was due until somebody received it. */
  readonly p50: number;
  readonly p99: number;
  /** Milliseconds until its author had the acknowledgement. */
  readonly acknowledgedP50: number;
  readonly acknowledgedP99: number;
}

/**
 * Seconds before anything is counted, in which the compiler settles, and seconds that are counted.
 */
export interface Times {
  readonly warmUp: number;
  readonly measured: number;
}

/** Measures both servers in a scene, in turn. */
export function measureDelivery(scene: Scene, times: Times, rounds: number): Promise<BothRounds<DeliveryFigure>> {
  return inTurn(rounds, dialect => withPeer(dialect, {}, (peer, load) => deliver(peer, load, scene, times)));
}

/** One round with one server. */
export async function deliver(peer: Peer, load: Load, scene: Scene, times: Times): Promise<DeliveryFigure> {
  const { dialect, port } = peer;
  await load.ask('gather', { dialect, port, members: await peer.members(scene.rooms, scene.size) });
  await load.ask('pace', scene.rate);
  await wait(times.warmUp * 1_000);
  await load.ask('mark');
  const before = await peer.cpu();
  const start = performance.now();
  await wait(times.measured * 1_000);
  const after = await peer.cpu();
  const report = await load.ask('read');
  const seconds = (performance.now() - start) / 1_000;
  await load.ask('stop');
  // A server that refuses what it is to deliver has no figure.
  if (report.refused > 0)
    throw new Error(`${dialect} refused ${String(report.refused)} of ${String(report.sent)} messages.`);
  const cpu = after - before;
  return {
    cpuPerDelivery: cpu / report.deliveries,
    cpuShare: cpu / 1_000_000 / seconds,
    loadShare: report.cpu / 1_000_000 / seconds,
    sentPerSecond: report.sent / seconds,
    deliveredPerSecond: report.deliveries / seconds,
    p50: report.delivery.p50,
    p99: report.delivery.p99,
    acknowledgedP50: report.acknowledgement.p50,
    acknowledgedP99: report.acknowledgement.p99,
  };
}

/** Each of its numbers by itself, in the middle of the rounds. */
export function medianDelivery(rounds: readonly DeliveryFigure[]): DeliveryFigure {
  const middle = (name: keyof DeliveryFigure) => median(rounds.map(figure => figure[name]));
  return {
    cpuPerDelivery: middle('cpuPerDelivery'),
    cpuShare: middle('cpuShare'),
    loadShare: middle('loadShare'),
    sentPerSecond: middle('sentPerSecond'),
    deliveredPerSecond: middle('deliveredPerSecond'),
    p50: middle('p50'),
    p99: middle('p99'),
    acknowledgedP50: middle('acknowledgedP50'),
    acknowledgedP99: middle('acknowledgedP99'),
  };
}
