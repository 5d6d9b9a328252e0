/**
 * What the servers behind the nodes do for a program that asks of them nothing but the bare thing.
 */
import { Redis } from 'ioredis';
import pg from 'pg';

import { Latencies, type LatencyReport } from '../../load/latencies.js';
import type { Backing } from '../backing.js';
import { spentSince } from '../usage.js';

/** About what an event takes in the log. */
const ROW = 'x'.repeat(250);
const CLIENTS = 8;

/**
 * Rows a second that PostgreSQL commits for eight clients, into a table with one index.
 *
 * @param perCommit rows of each statement, which is a transaction of its own
 * @param measured milliseconds that are counted
 */
export async function bareInserts(url: string, perCommit: number, measured: number): Promise<number> {
  const clients = Array.from({ length: CLIENTS }, () => new pg.Client({ connectionString: url }));
  try {
    await Promise.all(clients.map(client => client.connect()));
    await clients[0]?.query('CREATE TABLE IF NOT EXISTS bare (id bigserial PRIMARY KEY, body text NOT NULL)');
    const rows = Array.from({ length: perCommit }, () => ROW);
    const insert = { name: 'bare', text: 'INSERT INTO bare (body) SELECT unnest($1::text[])', values: [rows] };
    const start = performance.now();
    const kept = await Promise.all(
      clients.map(async client => {
        let count = 0;
        for (; performance.now() < start + measured; count += perCommit) await client.query(insert);
        return count;
      }),
    );
    return (kept.reduce((sum, count) => sum + count, 0) * 1_000) / (performance.now() - start);
  } finally {
    await Promise.all(clients.map(client => client.end()));
  }
}

/**
 * What it costs Redis to bring a message of an event's size to two others. CPU in microseconds,
 * times in milliseconds.
 */
export interface BareRelay {
  readonly cpuPerMessage: number;
  readonly latency: LatencyReport;
}

/** @param rate messages a second */
export async function bareRelay(backing: Backing, rate: number, measured: number): Promise<BareRelay> {
  const sender = new Redis(backing.redisUrl);
  const readers = [new Redis(backing.redisUrl), new Redis(backing.redisUrl)];
  const latencies = new Latencies();
  const sent: number[] = [];
  try {
    for (const reader of readers) {
      await reader.ssubscribe('bare');
      reader.on('smessage', (_channel: string, message: string) => {
        latencies.add(performance.now() - (sent[Number(message.slice(0, message.indexOf(' ')))] ?? 0));
      });
    }
    const before = await backing.usage();
    const start = performance.now();
    await new Promise<void>(resolve => {
      const timer = setInterval(() => {
        const now = performance.now();
        for (; sent.length < ((now - start) * rate) / 1_000; sent.push(now)) {
          void sender.spublish('bare', `${String(sent.length)} ${ROW}`);
        }
        if (now - start < measured) return;
        clearInterval(timer);
        resolve();
      }, 1);
    });
    await sender.ping();
    const spent = spentSince(await backing.usage(), before);
    return { cpuPerMessage: spent.redis / sent.length, latency: latencies.report() };
  } finally {
    for (const connection of [sender, ...readers]) connection.disconnect();
  }
}
