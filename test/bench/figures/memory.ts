import { setTimeout as wait } from 'node:timers/promises';

import type { DialectName } from '../load/dialect.js';
import type { MemoryFigure } from '../servers/measured.js';
import { type BothRounds, inTurn, withPeer } from './rounds.js';

/** Connections in each room. */
const ROOM = 50;
/**
 * Connections that are there before anything is measured: what the first ones bring into memory
 * serves all.
 */
const FIRST = 100;
/** Connections by which what is in use is measured. */
const SOME = 1_000;
/**
 * Connections by which what is resident is measured. Of a process that has just begun it grows in
 * steps of many megabytes, sooner or later, as the heap makes room for itself: at 1,000 connections
 * that is as much as all of them take (from 6 to 34 KB for each were seen, of the same server).
 */
const MANY = 4_000;
/** Milliseconds in which what comes with an arrival, presence above all, is told. */
const SETTLED = 1_500;

/**
 * Kilobytes that each idle connection adds: what is in use by 1,000 of them, what is resident by
 * 4,000.
 */
export function measureMemory(rounds: number): Promise<BothRounds<MemoryFigure>> {
  return inTurn(rounds, dialect => kilobytesPerConnection(dialect));
}

function kilobytesPerConnection(dialect: DialectName): Promise<MemoryFigure> {
  return withPeer(dialect, { flags: ['--expose-gc'] }, async (peer, load) => {
    const { port } = peer;
    const members = await peer.members((FIRST + MANY) / ROOM, ROOM);
    const gather = async (from: number, until: number): Promise<MemoryFigure> => {
      await load.ask('gather', { dialect, port, members: members.slice(from, until) });
      await wait(SETTLED);
      return peer.memory();
    };
    const first = await gather(0, FIRST);
    const some = await gather(FIRST, FIRST + SOME);
    const many = await gather(FIRST + SOME, FIRST + MANY);
    await load.ask('read');
    return {
      live: (some.live - first.live) / 1_024 / SOME,
      resident: (many.resident - first.resident) / 1_024 / MANY,
    };
  });
}
