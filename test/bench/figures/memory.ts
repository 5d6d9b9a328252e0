import { setTimeout as wait } from 'node:timers/promises';

import type { DialectName } from '../load/dialect.js';
import { type BothRounds, inTurn, withPeer } from './rounds.js';

/** Rooms and people in each: 1,000 connections, each in one room. */
const SCENE = { rooms: 20, size: 50 };
/** Connections that are there before anything is measured: what the first ones bring into memory serves all. */
const FIRST = 100;
/** Milliseconds in which what comes with an arrival, presence above all, is told. */
const SETTLED = 1_500;

/** Kilobytes of memory, really there after garbage is collected, that each of 1,000 idle connections adds. */
export function measureMemory(rounds: number): Promise<BothRounds<number>> {
  return inTurn(rounds, dialect => kilobytesPerConnection(dialect));
}

function kilobytesPerConnection(dialect: DialectName): Promise<number> {
  return withPeer(dialect, { flags: ['--expose-gc'] }, async (peer, load) => {
    const { port } = peer;
    const members = await peer.members(SCENE.rooms + FIRST / SCENE.size, SCENE.size);
    await load.ask('gather', { dialect, port, members: members.slice(0, FIRST) });
    await wait(SETTLED);
    const before = await peer.memory();
    await load.ask('gather', { dialect, port, members: members.slice(FIRST) });
    await wait(SETTLED);
    const after = await peer.memory();
    await load.ask('read');
    return (after - before) / 1_024 / (members.length - FIRST);
  });
}
