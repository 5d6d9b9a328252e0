import assert from 'node:assert/strict';
import { test } from 'node:test';

import { newCommandId } from '../../protocol/names.js';
import { ORIGIN } from '../support/backend.js';
import { Talker } from '../support/talker.js';
import { newSiteKey, signToken } from '../support/tokens.js';
import { post } from '../support/commands.js';
import { Battlefield } from './battlefield.js';
import { ROOM } from './bystanders.js';
import { knock } from './doors.js';

const SECRET = 'a word that only the room should know';

test('10. Leaks: what the log and the answers give away', async t => {
  const field = await Battlefield.open(t);
  const { backend } = field;
  const server = backend.url;
  const eve = await Talker.enter(backend, { person: 'eve', rooms: { [ROOM]: 'member' } });
  await eve.join(ROOM);

  await field.attack('words of the talk in the log', 'not there', async () => {
    await eve.post(ROOM, SECRET);
    const order = { room: ROOM, id: newCommandId(), body: { more: SECRET, ...post(SECRET) } };
    await eve.askAnything('command', order);
    await eve.askAnything('command', { ...order, room: SECRET });
    eve.socket.emit('l', 0, ['type', 1]);
    await eve.ask('read', { room: ROOM, seq: 1 });
    return mentioned(field.log, SECRET);
  });
  await field.attack('tokens in the log, good ones and bad ones', 'not there', async () => {
    const tokens = [
      await backend.token({ person: 'eve' }),
      await backend.token({ lifetime: -60 }),
      await signToken(newSiteKey('acme')),
    ];
    for (const token of tokens) {
      await knock({ server, token });
      await eve.ask('refresh', { token });
      await (await fetch(`${server}/v1/sites/acme/check?protocol=1&room=${ROOM}&token=${token}`)).text();
    }
    // A signature is enough to go on with.
    return mentioned(field.log, ...tokens.map(token => token.split('.')[2] ?? token));
  });
  await field.attack('a room that there is and one that there is not, both forbidden', 'told alike', async () => {
    const token = await backend.token({ person: 'eve', rooms: { attic: 'member' } });
    const [there, nowhere] = await Promise.all([ROOM, 'never-there'].map(room => saidOf(server, 'acme', room, token)));
    const narrow = new Talker(backend.connect({ token }));
    await narrow.hears('welcome');
    const [one, other] = [await narrow.ask('join', { room: ROOM }), await narrow.ask('join', { room: 'never-there' })];
    narrow.socket.disconnect();
    assert.deepEqual(one, other);
    return alike(there, nowhere);
  });
  await field.attack('a key that there is and one that there is not, both badly signed', 'told alike', async () => {
    const { kid } = backend.keys.get('acme')?.page.key ?? assert.fail();
    const stranger = newSiteKey('acme');
    const forged = await signToken({ ...stranger, key: { ...stranger.key, kid } });
    const unknown = await signToken(stranger);
    return alike(await saidOf(server, 'acme', ROOM, forged), await saidOf(server, 'acme', ROOM, unknown));
  });
  await field.attack('a badly signed token that has ended and one that has not', 'told alike', async () => {
    const stranger = newSiteKey('acme');
    const [ended, fresh] = [await signToken(stranger, { lifetime: -60 }), await signToken(stranger)];
    return alike(await saidOf(server, 'acme', ROOM, ended), await saidOf(server, 'acme', ROOM, fresh));
  });
  await field.attack('what the server is made of', 'no header says it', async () => {
    const answer = await fetch(`${server}/healthz`);
    const telling = ['server', 'x-powered-by', 'via'].filter(name => answer.headers.has(name));
    return telling.length === 0 ? 'no header says it' : telling.join();
  });
  await field.attack('the metrics and the operator, where they are not opened', 'not_found', async () => {
    const codes = await Promise.all(
      ['/metrics', '/admin/v1/status', '/admin/v1/sites', '/admin/v1/backup'].map(async path => {
        const text = await (await fetch(server + path)).text();
        assert.ok(!text.includes('acme'));
        return /"code":"(\w+)"/.exec(text)?.[1];
      }),
    );
    return [...new Set(codes)].join();
  });
});

function mentioned(log: readonly string[], ...secrets: readonly string[]): string {
  assert.ok(log.length > 0, 'nothing is logged at all');
  return log.find(line => secrets.some(secret => line.includes(secret))) ?? 'not there';
}

/** All that is said to somebody who asks for a snapshot, but for what differs with each answer. */
async function saidOf(server: string, site: string, room: string, token: string): Promise<string> {
  const url = `${server}/v1/sites/${site}/rooms/${room}/snapshot`;
  const answer = await fetch(url, { headers: { origin: ORIGIN, authorization: `Bearer ${token}` } });
  const headers = [...answer.headers].filter(([name]) => !['date', 'x-request-id'].includes(name));
  return JSON.stringify([answer.status, headers, await answer.text()]);
}

function alike(one: string | undefined, other: string | undefined): string {
  return one === other ? 'told alike' : `${one ?? ''} / ${other ?? ''}`;
}
