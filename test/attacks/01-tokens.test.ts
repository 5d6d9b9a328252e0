import assert from 'node:assert/strict';
import { test } from 'node:test';

import { KEY_ALGORITHMS, type KeyAlgorithm } from '../../server/domain/site.js';
import { ORIGIN } from '../support/backend.js';
import { CLAIM_FAULTS, FORGERIES } from '../support/forgeries.js';
import { signToken, type TestKey } from '../support/tokens.js';
import { Battlefield } from './battlefield.js';
import { ROOM } from './bystanders.js';
import { codeIn, knock, knockAt } from './doors.js';

test('1. Tokens: forged, foreign, ended, endless', async t => {
  const field = await Battlefield.open(t);
  const { backend } = field;
  const server = backend.url;
  const keys = new Map<string, TestKey>();
  for (const site of backend.sites) {
    for (const algorithm of KEY_ALGORITHMS) keys.set(`${site} ${algorithm}`, await field.key(site, algorithm));
  }
  const keyOf = (site: string, algorithm: KeyAlgorithm = 'HS256'): TestKey =>
    keys.get(`${site} ${algorithm}`) ?? assert.fail();

  for (const [name, forge] of Object.entries(FORGERIES)) {
    await field.attack(name, 'token_invalid', async () => knock({ server, token: await forge(keyOf) }));
  }
  for (const [claims, code] of CLAIM_FAULTS) {
    await field.attack(`claims ${inShort(claims)}`, code, async () =>
      knock({ server, token: await signToken(keyOf('acme'), { claims }) }),
    );
  }
  for (const [name, token] of [
    ['a number for a token', 7],
    ['a list for a token', ['a.b.c']],
    ['an object for a token', { toString: 'a.b.c' }],
  ] as const) {
    await field.attack(name, 'invalid_input', () => knockAt('WebSocket', { server, token }));
  }
  await field.attack('a token in the query, where logs would keep it', 'token_missing', async () => {
    const query = `token=${await backend.token()}&access_token=${await backend.token()}`;
    return codeIn(
      await fetch(`${server}/v1/sites/acme/rooms/${ROOM}/snapshot?${query}`, { headers: { origin: ORIGIN } }),
    );
  });
});

function inShort(claims: object): string {
  const text = JSON.stringify(claims);
  // Of a claim that is left out nothing is to be seen in JSON.
  const named = text === '{}' ? `without ${Object.keys(claims).join()}` : text;
  return named.length > 60 ? `${named.slice(0, 57)}...` : named;
}
