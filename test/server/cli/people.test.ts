import assert from 'node:assert/strict';
import { test } from 'node:test';

import { MOMENT, terminal } from './chalk-talk.js';

/**
 * Every character that may stand in a person's id, and two that a path would make something else
 * of.
 */
const IDS = [String.fromCharCode(...Array.from({ length: 94 }, (_, index) => 0x21 + index)), '..', 'a/b', '%2F', 'a+b'];

test('a person is revoked, listed and allowed again', async t => {
  const { app, shows, answers, refuses } = await terminal(t);
  assert.match(await shows('people', 'list', 'acme'), /^Nobody is revoked there\.$/m);
  assert.match(await shows('people', 'revoke', 'acme', 'ann'), /^ann is revoked for good: out at once/);
  assert.ok(app.sites.revocations.has('acme', 'person', 'ann'));
  const report = await answers('people', 'revoke', 'acme', 'bob', '--for', '7d');
  assert.equal(Number(report['until']) > Date.now() + 6 * 86_400_000, true);
  const listed = (await shows('people', 'list', 'acme')).split('\n');
  assert.match(listed[0] ?? '', /^PERSON +REVOKED +UNTIL$/);
  assert.match(listed[1] ?? '', new RegExp(`^bob +${MOMENT} +${MOMENT}$`));
  assert.match(listed[2] ?? '', new RegExp(`^ann +${MOMENT} +for good$`));
  assert.match(await shows('people', 'allow', 'acme', 'ann'), /^ann may come in again/);
  assert.match(await refuses('people', 'allow', 'acme', 'ann'), /"ann" is not revoked\. \[invalid_input\]/);
  assert.ok(!app.sites.revocations.has('acme', 'person', 'ann'));
  assert.match(await refuses('people', 'revoke', 'initech', 'ann'), /\[site_unknown\]/);
  assert.match(await refuses('people', 'revoke', 'acme', 'ann lee'), /not a person's id.*\[invalid_input\]/);
});

test('whatever stands in an id, it is that person who is meant', async t => {
  const { app, shows, answers } = await terminal(t);
  for (const id of IDS) {
    await shows('people', 'revoke', 'acme', id);
    assert.ok(app.sites.revocations.has('acme', 'person', id), id);
  }
  const { revocations } = (await answers('people', 'list', 'acme')) as { revocations: { subject: string }[] };
  assert.deepEqual(new Set(revocations.map(({ subject }) => subject)), new Set(IDS));
  for (const id of IDS) {
    await shows('people', 'allow', 'acme', id);
    assert.ok(!app.sites.revocations.has('acme', 'person', id), id);
  }
});

test('until when is said as a length of time or as a date', async t => {
  const { answers, type, refuses } = await terminal(t);
  const until = async (...words: string[]) => (await answers('people', 'revoke', 'acme', 'ann', ...words))['until'];
  assert.equal(await until(), null);
  assert.equal(await until('--until', '2099-12-24'), Date.UTC(2099, 11, 24));
  assert.equal(await until('--until', '2099-12-24T18:00Z'), Date.UTC(2099, 11, 24, 18));
  assert.equal(await until('--until', '2099-12-24T18:00:30+01:00'), Date.UTC(2099, 11, 24, 17, 0, 30));
  for (const wrong of [
    ['--for', 'ever'],
    ['--until', 'tomorrow'],
    ['--until', '2099-02-31'],
    ['--until', '2099-12-24T18:00'],
    ['--for', '7d', '--until', '2099-12-24'],
  ]) {
    const { code, complaints } = await type('people', 'revoke', 'acme', 'ann', ...wrong);
    assert.equal(code, 2, complaints);
  }
  assert.match(await refuses('people', 'revoke', 'acme', 'ann', '--until', '1999-12-24'), /must lie ahead/);
});

test('a token to try out says by what it is revoked', async t => {
  const { app, shows, answers } = await terminal(t);
  await shows('keys', 'add', 'acme');
  const signed = await shows('tokens', 'sign', 'acme', '--person', 'ann', '--room', 'lobby=member');
  const [, jti = ''] = /chalk-talk tokens revoke acme (\S+)/.exec(signed) ?? [];
  assert.match(await shows('tokens', 'list', 'acme'), /^No token is revoked there\.$/m);
  assert.match(
    await shows('tokens', 'revoke', 'acme', jti),
    new RegExp(`^The token ${jti} is revoked until ${MOMENT}`),
  );
  assert.ok(app.sites.revocations.has('acme', 'token', jti));
  assert.deepEqual((await answers('people', 'list', 'acme'))['revocations'], []);
  assert.match(
    await shows('tokens', 'list', 'acme'),
    new RegExp(`^TOKEN +REVOKED +UNTIL\n${jti} +${MOMENT} +${MOMENT}$`, 'm'),
  );
  assert.match(await shows('tokens', 'allow', 'acme', jti), /is good again/);
  assert.ok(!app.sites.revocations.has('acme', 'token', jti));
});
