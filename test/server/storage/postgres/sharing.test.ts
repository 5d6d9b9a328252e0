import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { ManualClock } from '../../../support/manual-clock.js';
import { roomKey } from '../../../support/room-key.js';
import { stroke } from '../../../support/strokes.js';
import { ANN, keep, site } from '../contract/home.js';
import { drawn, posted } from '../../../support/commands.js';
import { connectTo, newServers } from './two-servers.js';

const ROOM = roomKey('acme', 'algebra');
const DAY = 24 * 60 * 60_000;
const post = (text: string) => posted(text);

describe('changes of sites', () => {
  test('each change of a site, a key or a revocation is seen by every server, and nothing else is', async t => {
    const { servers } = await newServers(t, 2);
    const [here, there] = servers;
    assert.ok(here && there);
    const material = new TextEncoder().encode('a secret of thirty-two bytes, ok');
    const revocation = { kind: 'person', subject: 'ann', revokedAt: 1, until: null } as const;
    const changes: Readonly<Record<string, () => Promise<unknown>>> = {
      'a site': () => here.putSite(site('acme', { name: 'Acme' })),
      'a key': () => here.addKey({ site: 'acme', kid: 'k', algorithm: 'HS256', material, forServers: false }),
      'a mark': () => here.markKey('acme', 'k', true),
      'a revoked key': () => here.revokeKey('acme', 'k'),
      'a revocation': () => here.revoke('acme', revocation),
      'a revocation that is taken back': () => here.allow('acme', 'person', 'ann'),
      'a removal': () => here.removeSite('zeta'),
    };
    const seen = new Set([await there.siteChanges()]);
    for (const [what, change] of Object.entries(changes)) {
      await change();
      const after = await there.siteChanges();
      assert.equal(seen.has(after), false, what);
      seen.add(after);
    }
    const last = await there.siteChanges();
    await keep(here, ROOM, [post('hello')]);
    await here.setReadPosition(ROOM, ANN.id, 1);
    await here.forget('acme', Date.now());
    assert.equal(await there.siteChanges(), last);
  });
});

describe('what a site had kept', () => {
  test('what several servers count is one sum a day', async t => {
    const { servers } = await newServers(t, 3);
    await Promise.all(
      servers.map(async (storage, server) => {
        for (let number = 0; number < 5; number += 1) {
          await keep(storage, roomKey('acme', `room-${server}`), [post('hello')]);
          await keep(storage, roomKey('acme', `room-${server}`), [drawn(stroke())]);
        }
      }),
    );
    const usage = await servers[0]?.usage('acme', 2);
    assert.equal(usage?.rooms, 3);
    const sum = (name: 'events' | 'messages' | 'shapes') => usage.days.reduce((total, day) => total + day[name], 0);
    assert.deepEqual([sum('events'), sum('messages'), sum('shapes')], [30, 15, 15]);
  });
});

describe('accepted commands', () => {
  const countOf = async (client: Awaited<ReturnType<typeof connectTo>>) => {
    const { rows } = await client.query<{ count: string }>('SELECT count(*) FROM accepted');
    return Number(rows[0]?.count);
  };

  test('they are forgotten after thirty days, a few at a time, whichever server kept them', async t => {
    const clock = new ManualClock();
    const { url, servers } = await newServers(t, 2, { clock });
    const [here, there] = servers;
    assert.ok(here && there);
    const client = await connectTo(t, url);
    const accept = (storage: typeof here, name: string, count: number) =>
      storage.turn([{ room: ROOM, after: undefined, commands: [], undos: [], shapes: [], messages: [] }], () => {
        const accepted = Array.from({ length: count }, (_, number) => {
          return { person: 'ann', id: `${name}-${number}`, digest: 'd', seq: 0, undoable: false };
        });
        return [{ room: ROOM, events: [], accepted }];
      });
    await accept(here, 'old', 900);
    clock.advance(29 * DAY);
    await accept(there, 'younger', 300);
    assert.equal(await countOf(client), 1_200, 'what is not old enough stays');
    clock.advance(2 * DAY);
    // What another transaction holds is left to it.
    await client.query('BEGIN');
    await client.query('SELECT FROM accepted ORDER BY number LIMIT 100 FOR UPDATE');
    for (const [round, storage] of [here, there, here].entries()) await accept(storage, `new-${round}`, 300);
    await Promise.all([here.close(), there.close()]);
    assert.equal(await countOf(client), 300 + 900 + 100);
    await client.query('COMMIT');
    const { rows } = await client.query<{ id: string }>(
      `SELECT id FROM accepted WHERE id LIKE 'old-%' ORDER BY number`,
    );
    assert.deepEqual(
      rows.map(({ id }) => id),
      Array.from({ length: 100 }, (_, number) => `old-${number}`),
    );
  });

  test('those from a time to which a clock was set are dated anew, so that they do not stay for ever', async t => {
    const clock = new ManualClock(Date.now() + 400 * DAY);
    const { url, servers } = await newServers(t, 1, { clock });
    const [storage] = servers;
    assert.ok(storage);
    await keep(storage, ROOM, [post('from the future')]);
    clock.advance(-400 * DAY);
    const accepted = Array.from({ length: 300 }, (_, number) => {
      return { person: 'ann', id: `now-${number}`, digest: 'd', seq: 1, undoable: false };
    });
    await storage.turn([{ room: ROOM, after: undefined, commands: [], undos: [], shapes: [], messages: [] }], () => [
      { room: ROOM, events: [], accepted },
    ]);
    await storage.close();
    const { rows } = await (await connectTo(t, url)).query<{ at: string }>('SELECT max(at) AS at FROM accepted');
    assert.equal(Number(rows[0]?.at), clock.now());
  });
});
