/** Tokens: renewed in place, asked for again once, refused with a reason. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { RefusedError } from '../../../protocol/errors.js';
import type { Role } from '../../../protocol/timeline/state.js';
import type { RoomSession } from '../../../widget/session/contract.js';
import type { Platform } from '../../../widget/session/platform.js';
import { Connections } from '../../../widget/session/connections.js';
import { ORIGIN, startBackend } from '../../support/backend.js';
import { ManualClock } from '../../support/manual-clock.js';
import { enter, platformOf, platformWith, reaches, sentTexts, until } from './people.js';

const HOUR = 3_600_000;
/** When a token of an hour has been renewed, whatever part of a second its end was rounded to. */
const TO_RENEWAL = HOUR - 50_000;

test('a token is renewed a minute before its end, on the connection as it is', async t => {
  const clock = new ManualClock();
  const backend = await startBackend(t, { clock });
  const reasons: string[] = [];
  const ann = enter(t, backend, {
    platform: platformOf(clock),
    getToken: reason => {
      reasons.push(reason);
      const first = reasons.length === 1;
      return backend.token({
        forServers: true,
        lifetime: first ? 3_600 : 3 * 3_600,
        rooms: { '*': first ? 'viewer' : 'moderator' },
      });
    },
  });
  await reaches(ann, 'connected');
  assert.equal(ann.role, 'viewer');
  const seen: string[] = [];
  ann.subscribe(() => seen.push(ann.status));

  clock.advance(HOUR - 90_000);
  assert.deepEqual(reasons, ['connect']);
  clock.advance(40_000);
  await until(ann, ({ role }) => role === 'moderator');
  assert.deepEqual(reasons, ['connect', 'refresh']);
  // Past the end of the first one.
  clock.advance(HOUR);
  ann.send('still here');
  await ann.settled();
  assert.deepEqual(new Set(seen), new Set(['connected']));
});

test('a token that is over when the server looks is asked for once more', async t => {
  const backend = await startBackend(t);
  const reasons: string[] = [];
  const ann = enter(t, backend, {
    getToken: reason => {
      reasons.push(reason);
      return backend.token({ forServers: true, lifetime: reasons.length === 1 ? -60 : 60 });
    },
  });
  await reaches(ann, 'connected');
  assert.deepEqual(reasons, ['connect', 'refused']);
});

test('a token that ends without another is followed by a reason, and by another one when there is one', async t => {
  const clock = new ManualClock();
  const backend = await startBackend(t, { clock });
  const reasons: string[] = [];
  const ann = enter(t, backend, {
    platform: platformOf(clock),
    getToken: async reason => {
      reasons.push(reason);
      if (reason === 'refresh') throw new Error('The page has no network.');
      return backend.token({ forServers: true, lifetime: reason === 'connect' ? 3_600 : 3 * 3_600 });
    },
  });
  await reaches(ann, 'connected');
  // Tokens are signed by the real clock, which has gone on since the test's began to stand.
  clock.advance(HOUR + 60_000);
  await reaches(ann, 'reconnecting');
  await reaches(ann, 'connected');
  assert.deepEqual([reasons[0], reasons[1], reasons.at(-1)], ['connect', 'refresh', 'refused']);
});

test('what no other token would mend is refused, with the reason', async t => {
  const backend = await startBackend(t);
  const ofNobody = { claims: { rooms: 'all' }, forServers: true };
  const ann = enter(t, backend, ofNobody);
  await reaches(ann, 'refused');
  assert.equal(ann.refusal?.code, 'token_claims');

  const forPages = enter(t, backend, { getToken: () => backend.token() });
  await reaches(forPages, 'refused');
  assert.equal(forPages.refusal?.code, 'origin_missing');

  const elsewhere = enter(t, backend, { getToken: () => backend.token({ site: 'globex', forServers: true }) });
  await reaches(elsewhere, 'refused');

  const noSite = enter(t, backend, { site: 'nobody', getToken: () => backend.token({ forServers: true }) });
  await reaches(noSite, 'refused');
  assert.equal(noSite.refusal?.code, 'site_unknown');
});

test('a token that is refused twice is not asked for a third time', async t => {
  const backend = await startBackend(t);
  const reasons: string[] = [];
  const ann = enter(t, backend, {
    getToken: async reason => {
      reasons.push(reason);
      return 'not.a.token';
    },
  });
  await reaches(ann, 'refused');
  assert.equal(ann.refusal?.code, 'token_invalid');
  assert.deepEqual(reasons, ['connect', 'refused']);
});

test('whoever gives tokens may say no', async t => {
  const backend = await startBackend(t);
  const ann = enter(t, backend, { getToken: () => Promise.reject(new RefusedError('guests_not_allowed')) });
  await reaches(ann, 'refused');
  assert.equal(ann.refusal?.code, 'guests_not_allowed');
});

test('a token that can not be had just now is asked for again', async t => {
  const backend = await startBackend(t);
  const clock = new ManualClock();
  let asked = 0;
  const putOff = new Promise<RoomSession>(resolve => {
    const platform: Platform = {
      ...platformOf(clock),
      after: (ms, task) => {
        setImmediate(() => resolve(ann));
        return clock.after(ms, task);
      },
    };
    const getToken = async (): Promise<string> => {
      asked += 1;
      if (asked === 1) throw new Error('502');
      return backend.token({ forServers: true });
    };
    const ann = enter(t, backend, { platform, getToken });
  });
  const ann = await putOff;
  assert.equal(ann.status, 'connecting');
  clock.advance(1_000);
  await reaches(ann, 'connected');
});

test('a room that the token does not name is refused; the others on the connection go on', async t => {
  const backend = await startBackend(t);
  const connections = new Connections(platformWith({}));
  const getToken = (): Promise<string> => backend.token({ forServers: true, rooms: { 'algebra-101': 'member' } });
  const options = { server: backend.url, site: 'acme', getToken };
  const [open, forbidden] = [{ room: 'algebra-101' }, { room: 'staff' }].map(one =>
    connections.room({ ...options, ...one }),
  );
  assert.ok(open && forbidden);
  t.after(async () => [open, forbidden].forEach(session => session.close()));
  await reaches(forbidden, 'refused');
  assert.equal(forbidden.refusal?.code, 'room_forbidden');
  open.send('open');
  assert.deepEqual(await sentTexts(open, 1), ['open']);
});

test('a room that a new token no longer names is left, and entered again when one does', async t => {
  const clock = new ManualClock();
  const backend = await startBackend(t, { clock });
  const connections = new Connections(platformOf(clock));
  let asked = 0;
  const getToken = (): Promise<string> => {
    asked += 1;
    const rooms: Record<string, Role> = asked === 2 ? { open: 'member' } : { open: 'member', staff: 'member' };
    return backend.token({ forServers: true, lifetime: 3_600, rooms });
  };
  const options = { server: backend.url, site: 'acme', getToken };
  const [staff, open] = [{ room: 'staff' }, { room: 'open' }].map(one => connections.room({ ...options, ...one }));
  assert.ok(staff && open);
  t.after(async () => [staff, open].forEach(session => session.close()));
  await Promise.all([reaches(staff, 'connected'), reaches(open, 'connected')]);

  clock.advance(TO_RENEWAL);
  await reaches(staff, 'refused');
  assert.equal(staff.refusal?.code, 'room_forbidden');
  // Answered behind the renewal, on the connection that goes on.
  open.send('open');
  await open.settled();
  clock.advance(TO_RENEWAL);
  await reaches(staff, 'connected');
  assert.equal(asked, 3);
});

test('a message that is refused stays as failed, with the reason, until it is sent again or forgotten', async t => {
  const clock = new ManualClock();
  const backend = await startBackend(t, { clock });
  let asked = 0;
  const ann = enter(t, backend, {
    platform: platformOf(clock),
    getToken: () => {
      asked += 1;
      return backend.token({
        forServers: true,
        lifetime: asked * 3_600,
        rooms: { '*': asked === 1 ? 'viewer' : 'member' },
      });
    },
  });
  await reaches(ann, 'connected');
  const refused: string[] = [];
  ann.onRefused(({ command, refusal }) => refused.push(`${command}: ${refusal.code}`));
  const keys = ['one', 'two'].map(text => ann.send(text));
  await ann.settled();
  assert.deepEqual(
    ann.messages.map(({ key, text, state, refusal }) => [key, text, state, refusal?.code]),
    [
      [keys[0], 'one', 'failed', 'role_forbidden'],
      [keys[1], 'two', 'failed', 'role_forbidden'],
    ],
  );
  assert.deepEqual(refused, ['message.post: role_forbidden', 'message.post: role_forbidden']);

  clock.advance(TO_RENEWAL);
  await until(ann, ({ role }) => role === 'member');
  ann.discard(keys[1] ?? '');
  ann.retry(keys[0] ?? '');
  assert.equal(ann.messages.length, 1);
  await ann.settled();
  assert.deepEqual(await sentTexts(ann, 1), ['one']);
});

test('texts that no server would take are refused on the spot', async t => {
  const backend = await startBackend(t, { origins: [ORIGIN] });
  const ann = enter(t, backend);
  assert.throws(() => ann.send(' \n '), { code: 'text_empty' });
  assert.throws(() => ann.send('x'.repeat(4_001)), { code: 'too_large' });
  assert.equal(ann.messages.length, 0);
});
