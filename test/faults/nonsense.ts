/**
 * Packets, handshakes and requests that nobody should send: made from good ones by chance, so that
 * they come far before they fail.
 */
import { PEOPLE_NAMESPACE } from '../../protocol/version.js';
import { clear, draw, erase, post, undo } from '../support/commands.js';
import type { Chance } from './chance.js';
import { stroke } from '../support/strokes.js';

/** What is odd about a value. */
const ODD: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -1,
  1e21,
  -0.5,
  2 ** 53,
  '',
  ' ',
  '\u0000',
  '\ud800',
  '../../etc/passwd',
  '%2f',
  'a'.repeat(5_000),
  '🖊️'.repeat(500),
  '__proto__',
  'constructor',
  'guest:',
  '\u202e',
  [],
  {},
  [[]],
  [null],
  { length: 1e9 },
  { toString: 1 },
  { $ne: 1 },
  { then: 1 },
];

const GOOD_ORDERS: readonly (readonly unknown[])[] = [
  ['join', { room: 'lobby' }],
  ['leave', { room: 'lobby' }],
  ['command', { room: 'lobby', id: 'AAAAAAAAAAAAAAAA', body: post('hello') }],
  ['command', { room: 'lobby', id: 'BBBBBBBBBBBBBBBB', body: erase(['AAAAAAAA']) }],
  ['command', { room: 'lobby', id: 'CCCCCCCCCCCCCCCC', body: clear() }],
  ['command', { room: 'lobby', id: 'DDDDDDDDDDDDDDDD', body: undo('AAAAAAAAAAAAAAAA') }],
  [
    'command',
    {
      room: 'lobby',
      id: 'EEEEEEEEEEEEEEEE',
      body: draw(stroke({ id: 'AAAAAAAA', scale: 0, points: 'CCCC' })),
    },
  ],
  ['catchup', { room: 'lobby', after: { epoch: 'e', seq: 0 } }],
  ['read', { room: 'lobby', seq: 1 }],
  ['refresh', { token: 'a.b.c' }],
  ['l', 1, ['ink', 'AAAAAAAA', 'blue', 4, 0, 0, 'CC'], ['more', 'CC'], ['at', 1, 2], ['type', 1]],
  ['disconnect'],
  ['connect'],
  ['error', {}],
  ['toString'],
  ['__proto__', {}],
];

/** A Socket.IO packet as text. */
export function packet(chance: Chance): string {
  const order = mutate(chance.pick(GOOD_ORDERS) ?? [], chance, 0.25);
  let text = stringify(order);
  if (chance.next() < 0.05) text = '['.repeat(chance.between(1, 3_000)) + text;
  if (chance.next() < 0.05)
    text = text.replace(/\d+/, chance.pick(['1e999', '-1e999', '00', 'NaN', '9'.repeat(400)]) ?? '');
  if (chance.next() < 0.05) text = `[${','.repeat(chance.between(0, 50))}${text.slice(1)}`;
  const type = chance.next() < 0.85 ? '42' : `4${chance.between(0, 9)}`;
  const attachments = chance.next() < 0.03 ? `${chance.between(0, 1e9)}-` : '';
  const namespace =
    chance.next() < 0.9
      ? `${PEOPLE_NAMESPACE},`
      : (chance.pick(['', '/,', '/admin,', '/v1/../,', '/v2,', '/v1']) ?? '');
  const answer =
    chance.next() < 0.5 ? String(chance.between(0, 1e6)) : (chance.pick(['', '-1', '1.5', '9'.repeat(30)]) ?? '');
  const whole = `${type}${attachments}${namespace}${answer}${text}`;
  return chance.next() < 0.2 ? scramble(whole, chance) : whole;
}

/** A raw HTTP request. */
export function httpRequest(chance: Chance, token: string): string {
  const method =
    chance.pick(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD', 'TRACE', 'PROPFIND', 'get']) ?? 'GET';
  const paths = [
    '/',
    '/healthz',
    '/readyz',
    '/metrics',
    '/v1/chalk-talk.js',
    '/v1/../package.json',
    '/v1/%2e%2e/package.json',
    '/v1/sites/acme/rooms/lobby/snapshot',
    '/v1/sites/acme/rooms/lobby/messages?before=1',
    '/v1/sites/acme/guests',
    '/v1/sites/acme/check?protocol=1&room=lobby',
    '/v1/sites/acme%2frooms/lobby',
    '/v1/sites/nobody/rooms/lobby/snapshot',
    '/admin/v1/sites',
    '/admin/v1/backup',
    '/v1/socket/?EIO=4&transport=polling&site=acme',
    '/v1/socket/?EIO=4&transport=polling&site=acme&sid=AAAA',
    '/v1/socket/?EIO=3&transport=polling',
    '/v1/socket/?EIO=4&transport=webtransport&site=acme',
  ];
  let path = chance.pick(paths) ?? '/';
  if (chance.next() < 0.3) path = scramble(path, chance).replaceAll(/\s/g, '+') || '/';
  const body =
    chance.next() < 0.5 ? '' : stringify(mutate({ name: 'Ann', room: 'lobby', previous: 'a.b.c' }, chance, 0.4));
  const headers = [
    'Host: 127.0.0.1',
    `Authorization: Bearer ${chance.next() < 0.5 ? token : scramble(token, chance)}`,
    `Origin: ${chance.pick(['https://page.example', 'null', 'https://page.example.evil.example', '']) ?? ''}`,
    `Accept-Encoding: ${chance.pick(['br', 'gzip', 'identity', '*;q=0', 'x'.repeat(2_000)]) ?? ''}`,
    `If-None-Match: ${chance.pick(['*', 'W/"x-1"', '"'.repeat(100)]) ?? ''}`,
    `X-Forwarded-For: ${chance.pick(['1.2.3.4', '::1, 5.6.7.8', ','.repeat(500)]) ?? ''}`,
    ...(body === ''
      ? []
      : [`Content-Length: ${chance.next() < 0.9 ? Buffer.byteLength(body) : chance.between(0, 1e6)}`]),
    ...(chance.next() < 0.5 ? ['Content-Type: application/json'] : []),
    ...(chance.next() < 0.05 ? ['Transfer-Encoding: chunked'] : []),
    ...(chance.next() < 0.05 ? [`X-${'a'.repeat(chance.between(1, 30_000))}: 1`] : []),
    'Connection: close',
  ];
  const clean = headers.map(header => header.replaceAll(/[\r\n]/g, ' '));
  return `${method} ${path} HTTP/1.1\r\n${clean.join('\r\n')}\r\n\r\n${body}`;
}

/** What is sent with a CONNECT. */
export function connectAuth(chance: Chance, token: string): string {
  return stringify(mutate({ token, protocol: 1 }, chance, 0.5));
}

/** The same value with members changed, lost, doubled or added, here and there. */
function mutate(value: unknown, chance: Chance, rate: number): unknown {
  if (chance.next() < rate / 3) return chance.pick(ODD);
  if (Array.isArray(value)) {
    const items = value.map(item => mutate(item, chance, rate));
    if (chance.next() < rate / 2) items.splice(chance.between(0, items.length), chance.between(0, 2), chance.pick(ODD));
    return items;
  }
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value)
    .filter(() => chance.next() > rate / 5)
    .map(([key, member]) => [
      chance.next() < rate / 5 ? stringify(chance.pick(ODD)) : key,
      mutate(member, chance, rate),
    ]);
  if (chance.next() < rate / 2)
    entries.push([chance.pick(['__proto__', 'constructor', 'site', 'role', 'seq']) ?? '', chance.pick(ODD)]);
  return Object.fromEntries(entries);
}

/** A text with characters lost, doubled and replaced. */
function scramble(text: string, chance: Chance): string {
  const units = [...text];
  for (let times = chance.between(1, 4); times > 0; times -= 1) {
    const at = chance.between(0, units.length);
    const put = chance.pick(['', '{', '}', '[', ']', '"', '\\', ',', ':', '0', '-', '/', '\u0000', 'é', '💥']) ?? '';
    units.splice(at, chance.between(0, 3), put);
  }
  return units.join('');
}

function stringify(value: unknown): string {
  // Of undefined there is none.
  return JSON.stringify(value ?? null);
}
