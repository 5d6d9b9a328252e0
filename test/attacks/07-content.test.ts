import assert from 'node:assert/strict';
import { test } from 'node:test';

import { newCommandId } from '../../protocol/names.js';
import { ORIGIN } from '../support/backend.js';
import { codeOf, Talker } from '../support/talker.js';
import { completed, draw, entered, isPosted, post, posted } from '../support/commands.js';
import { Battlefield } from './battlefield.js';
import { ROOM } from './bystanders.js';
import { knock } from './doors.js';
import { stroke } from '../support/strokes.js';

/**
 * Texts that would run, or show something else than they are, where somebody took them for markup.
 */
const TEXTS: readonly string[] = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '<svg/onload=alert(1)>',
  '"><iframe srcdoc="x">',
  'javascript:alert(1)',
  '</template></script><b>',
  '{{constructor.constructor("alert(1)")()}}',
];

/** Names, and what of them others are shown. */
const NAMES: readonly (readonly [given: string, shown: string])[] = [
  ['\u202egnp.exe', 'gnp.exe'],
  ['\u2066Ann\u2069', 'Ann'],
  ['A\u200bn\u200cn\u200d', 'Ann'],
  ['Ann\r\nmoderator', 'Ann moderator'],
  ['Ann\0', 'Ann'],
  [`A${'\u0301'.repeat(50)}`, `\u00c1${'\u0301'.repeat(4)}`],
  ['\ufeffAnn', 'Ann'],
  ['\u3164Ann', 'Ann'],
];

test('7. Content: what is kept and shown', async t => {
  const field = await Battlefield.open(t);
  const { backend, bystanders } = field;
  const server = backend.url;
  const eve = await Talker.enter(backend, { person: 'eve' });
  await eve.join(ROOM);
  const order = async (body: unknown): Promise<string> =>
    codeOf(await eve.askAnything('command', { room: ROOM, id: newCommandId(), body })) ?? 'done';

  for (const text of TEXTS) {
    await field.attack(`the message ${text}`, 'told as the text that it is', async () => {
      const seq = await eve.post(ROOM, text);
      const told = await bystanders.near.hears('events', ({ events }) => events.some(event => event.seq === seq));
      const event = told.events.find(one => one.seq === seq);
      return event && isPosted(event) && event.text === text ? 'told as the text that it is' : 'told otherwise';
    });
  }
  await field.attack('all of them in a snapshot that a browser opens as a page', 'JSON that runs nothing', async () => {
    const url = `${server}/v1/sites/acme/rooms/${ROOM}/snapshot`;
    const headers = { origin: ORIGIN, authorization: `Bearer ${await backend.token()}`, accept: 'text/html' };
    const answer = await fetch(url, { headers });
    await answer.text();
    const type = answer.headers.get('content-type') ?? '';
    const policy = answer.headers.get('content-security-policy') ?? '';
    const guarded = answer.headers.get('x-content-type-options') === 'nosniff' && policy.includes("default-src 'none'");
    return type.startsWith('application/json') && guarded ? 'JSON that runs nothing' : `${type}; ${policy}`;
  });
  await field.attack('markup in a path that is not there', 'not_found, as JSON', async () => {
    const answer = await fetch(`${server}/v1/%3Cscript%3Ealert(1)%3C/script%3E`);
    const text = await answer.text();
    const isJson = answer.headers.get('content-type')?.startsWith('application/json');
    return isJson && !text.includes('<script>') ? `${/"code":"(\w+)"/.exec(text)?.[1] ?? ''}, as JSON` : text;
  });

  const strokeWith = (fault: object) => order({ ...draw(stroke()), shape: { ...stroke(), ...fault } });
  for (const color of [
    '"><script>',
    'url(javascript:alert(1))',
    'expression(alert(1))',
    '#12345g',
    'var(--x)',
    'RED',
  ]) {
    await field.attack(`a stroke of the colour ${color}`, 'invalid_input', () =>
      strokeWith({ look: { color, width: 4 } }),
    );
  }
  for (const kind of ['image', 'svg', 'foreignObject', '__proto__']) {
    await field.attack(`a shape of the kind ${kind}`, 'invalid_input', () => strokeWith({ kind }));
  }
  await field.attack('a stroke with an address in it', 'invalid_input', () =>
    strokeWith({ href: 'javascript:alert(1)' }),
  );
  await field.attack('a stroke with an address in its look', 'invalid_input', () =>
    strokeWith({ look: { ...stroke().look, href: 'javascript:alert(1)' } }),
  );

  for (const [given, shown] of NAMES) {
    await field.attack(`the name ${JSON.stringify(given).slice(0, 40)}`, `shown as ${shown}`, async () => {
      const mallory = await Talker.enter(backend, { person: 'mallory', name: given });
      const { you } = await mallory.join(ROOM);
      mallory.socket.disconnect();
      return `shown as ${you.person.name}`;
    });
  }
  for (const name of ['\u202e\u200b', '\u3164', '\u0301\u0301', ' ', '\ud800']) {
    await field.attack(`the name ${JSON.stringify(name)}, of which nothing can be shown`, 'token_claims', async () =>
      knock({ server, token: await backend.token({ claims: { name } }) }),
    );
  }

  const facts = [entered({ id: 'ann', name: 'Ann' }), posted('x'), completed(stroke())].map(({ type }) => type);
  for (const type of [...facts, 'system', 'room.closed']) {
    await field.attack(`a message that says it is the system's: ${type}`, 'invalid_input', () =>
      order({ type, text: 'The room is closed.' }),
    );
  }
  await field.attack('a message that says who wrote it', 'invalid_input', () =>
    order({ by: 0, person: { id: 'ann' }, ...post('x') }),
  );
  await field.attack('a message that says when it was written', 'invalid_input', () =>
    order({ at: 0, seq: 1, ...post('x') }),
  );
  await field.attack("a guest who takes a member's name", 'marked as a guest', async () => {
    const headers = { origin: ORIGIN, 'content-type': 'application/json' };
    const body = JSON.stringify({ name: 'ann', room: 'open-house' });
    const answer = await fetch(`${server}/v1/sites/acme/guests`, { method: 'POST', headers, body });
    const { token } = (await answer.json()) as { token: string };
    const guest = new Talker(backend.connect({ token }));
    await guest.hears('welcome');
    const { person } = (await guest.join('open-house')).you;
    guest.socket.disconnect();
    assert.equal(person.name, 'ann');
    return person.guest === true && person.id !== 'ann' ? 'marked as a guest' : 'taken for ann';
  });
});
