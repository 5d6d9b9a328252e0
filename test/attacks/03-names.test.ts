import { test } from 'node:test';

import { LIMITS } from '../../protocol/limits.js';
import { ORIGIN } from '../support/backend.js';
import { codeOf, Talker } from '../support/talker.js';
import { Battlefield } from './battlefield.js';
import { codeIn, knock, knockAt } from './doors.js';

/** What nobody may name a room, a person or a site. */
const NAMES: readonly string[] = [
  '../lobby',
  '..',
  '%2flobby',
  'lobby%2f..',
  'a:b',
  'a,b',
  'lobby\0',
  'lobby\r\nset-cookie: x=1',
  '',
  ' ',
  'x'.repeat(10_000),
  'caf\u00e9',
  'cafe\u0301',
  'l\u043ebby',
  'lobby\u200b',
  'LOBBY',
  '__proto__',
  'constructor ',
];

test('3. Names that lead elsewhere, or look like others', async t => {
  const field = await Battlefield.open(t);
  const { backend } = field;
  const server = backend.url;
  const eve = await Talker.enter(backend, { person: 'eve' });
  const victim = await Talker.enter(backend, { person: 'victim' });
  const token = await backend.token({ person: 'eve' });
  const join = async (room: unknown): Promise<string> => codeOf(await eve.askAnything('join', { room })) ?? 'in';

  for (const name of NAMES) {
    const shown = name.length > 30 ? `of ${name.length} characters` : JSON.stringify(name);
    await field.attack(`joining the room ${shown}`, 'invalid_input', () => join(name));
    // What is no name leads to no room; what the path takes apart leads to no page.
    const inPath = ['', '..'].includes(name) ? 'not_found' : 'room_forbidden';
    await field.attack(`the snapshot of the room ${shown}`, inPath, () =>
      knockAt('HTTP', { server, token, room: encodeURIComponent(name) }),
    );
    const isLong = name.length > LIMITS.tokenBytes;
    await field.attack(`a token for the room ${shown}`, isLong ? 'token_invalid' : 'token_claims', async () =>
      knock({ server, token: await backend.token({ claims: { rooms: { [name]: 'member' } } }) }),
    );
    await field.attack(`a guest in the room ${shown}`, isLong ? 'too_large' : 'invalid_input', () =>
      askAsGuest(server, { room: name }),
    );
    await field.attack(`the site ${shown}`, 'site_unknown', () => knockAt('polling', { server, token, site: name }));
  }
  for (const sub of ['', ' ', 'a b', 'ann\0', 'ann\r\n', 'caf\u00e9', '\u0430nn', 'guest:ann', 'x'.repeat(129)]) {
    await field.attack(`the person ${JSON.stringify(sub).slice(0, 30)}`, 'token_claims', async () =>
      knock({ server, token: await backend.token({ claims: { sub } }) }),
    );
  }
  await field.attack('a pattern as a room', 'invalid_input', () => join('lob*'));
  await field.attack("another socket's id as a room", 'invalid_input', () => join(victim.socket.id));
  await field.attack("another socket's own channel", 'invalid_input', () => join(`/v1#${victim.socket.id ?? ''}`));
  await field.attack('a number as a room', 'invalid_input', () => join(7));
  await field.attack('a list as a room', 'invalid_input', () => join(['lobby']));
});

async function askAsGuest(server: string, wish: object): Promise<string> {
  return codeIn(
    await fetch(`${server}/v1/sites/acme/guests`, {
      method: 'POST',
      headers: { origin: ORIGIN, 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'Zoe', ...wish }),
    }),
  );
}
