import assert from 'node:assert/strict';
import { test } from 'node:test';

import { roomKey } from '../../../support/room-key.js';
import { cleared, posted } from '../../../support/commands.js';
import { keep, type NewHome } from './home.js';

export function headsContract(newHome: NewHome): void {
  test('the ends of many timelines are told at once, without those that nothing was appended to', async t => {
    const storage = await (await newHome(t)).open();
    const [algebra, logic, elsewhere, untouched] = [
      roomKey('acme', 'algebra'),
      roomKey('acme', 'logic'),
      roomKey('zeta', 'algebra'),
      roomKey('acme', 'untouched'),
    ];
    await keep(storage, algebra, [posted('one')]);
    await keep(storage, algebra, [posted('two')]);
    await keep(storage, logic, [posted('one')]);
    await keep(storage, elsewhere, [cleared()]);
    const ends = await storage.heads([algebra, untouched, elsewhere]);
    const epochs = await Promise.all([algebra, elsewhere].map(async room => (await storage.head(room)).epoch));
    assert.deepEqual(
      [...ends].sort(([one], [other]) => (one < other ? -1 : 1)),
      [
        [algebra, { epoch: epochs[0], seq: 2 }],
        [elsewhere, { epoch: epochs[1], seq: 1 }],
      ],
    );
    assert.deepEqual(await storage.heads([]), new Map());
  });
}
