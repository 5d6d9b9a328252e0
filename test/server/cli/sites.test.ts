import assert from 'node:assert/strict';
import { test } from 'node:test';

import { DEFAULT_SITE_LIMITS } from '../../../server/domain/site.js';
import { terminal, terminalAt } from './chalk-talk.js';
import { site } from '../storage/contract/home.js';
import { json, standIn } from './stand-in.js';

test('a site is added, and what to do next is said', async t => {
  const { app, shows, answers, refuses } = await terminal(t);
  const added = await shows('sites', 'add', 'initech', '--name', 'Initech', '--origin', 'https://initech.example');
  assert.match(added, /^origins +https:\/\/initech\.example$/m);
  assert.match(added, /^connections +0 of 10\u2009000$/m);
  assert.match(added, /chalk-talk keys add initech/);
  assert.match(await refuses('sites', 'add', 'initech'), /already\. \[site_exists\]\n$/);
  const open = await shows('sites', 'add', 'hooli', '--guests', 'open-*=member');
  assert.ok(open.includes(`<script type="module" src="${app.url}/v1/chalk-talk.js"></script>`));
  assert.match(open, /<chalk-talk site="hooli" room="open-lobby"><\/chalk-talk>/);
  assert.match(open, /chalk-talk sites origins add hooli/);
  const { id, guests } = await answers('sites', 'add', 'umbrella', '--guests', 'a=viewer', '--guests', 'b=moderator');
  assert.equal(id, 'umbrella');
  assert.deepEqual(guests, { a: 'viewer', b: 'moderator' });
});

test('sites are listed in a table, and to programs as the API answers', async t => {
  const { shows, answers } = await terminal(t);
  const lines = (await shows('sites', 'list')).trimEnd().split('\n');
  assert.deepEqual(lines, [
    'SITE  NAME  CONNECTED  GUESTS  ORIGINS',
    'acme  Acme          0  open-*  https://page.example',
  ]);
  const { sites } = (await answers('sites', 'list')) as { sites: { id: string }[] };
  assert.deepEqual(
    sites.map(({ id }) => id),
    ['acme'],
  );
  assert.deepEqual(await answers('sites', 'show', 'acme'), sites[0]);
  assert.match(await shows('sites', 'show', 'acme'), /^guests +open-\*=member$/m);
});

test('settings are changed one by one', async t => {
  const { shows, answers, type, refuses } = await terminal(t);
  const asked = ['--connections', '5', '--commands-per-second', '9', '--bytes-per-second', '70000000'];
  const limits = await answers('sites', 'set', 'acme', ...asked, '--points-per-second', '6');
  const expected = { connections: 5, commandsPerSecond: 9, bytesPerSecond: 70_000_000, pointsPerSecond: 6 };
  assert.deepEqual(limits['limits'], { ...DEFAULT_SITE_LIMITS, ...expected });
  const days = (...words: string[]) => ['sites', 'set', 'acme', '--retention-days', ...words];
  assert.match(await refuses(...days('30')), /forgotten for good.*--yes\. \[not_confirmed\]/);
  assert.match(await shows(...days('30', '--yes')), /^forgets after +30 days$/m);
  assert.match(await refuses(...days('29')), /\[not_confirmed\]/);
  assert.match(await shows(...days('31')), /^forgets after +31 days$/m);
  assert.match(await shows('sites', 'set', 'acme', '--retention-days', 'never'), /^forgets after +never$/m);
  assert.match(await shows('sites', 'set', 'acme', '--stroke-times', 'off'), /^stroke times +not kept$/m);
  assert.match(await shows('sites', 'set', 'acme', '--stroke-times', 'on'), /^stroke times +kept$/m);
  assert.equal((await answers('sites', 'set', 'acme', '--name', 'Acme Inc'))['name'], 'Acme Inc');
  const nothing = await type('sites', 'set', 'acme');
  assert.equal(nothing.code, 2);
  assert.match(nothing.complaints, /Name a setting to change\.\nusage: chalk-talk sites set SITE/);
});

test('origins and guests are added and taken away', async t => {
  const { answers, refuses } = await terminal(t);
  const origins = async (...words: string[]) => (await answers('sites', 'origins', ...words))['origins'];
  const [first, second, third] = ['https://page.example', 'https://two.example', 'http://localhost:3000'];
  assert.deepEqual(await origins('add', 'acme', second, third, first), [first, second, third]);
  assert.deepEqual(await origins('remove', 'acme', first, third), [second]);
  assert.match(await refuses('sites', 'origins', 'remove', 'acme', first), /does not list .* \[invalid_input\]/);
  const wrong = await refuses('sites', 'origins', 'add', 'acme', 'https://two.example/');
  assert.match(wrong, /"https:\/\/two\.example\/" is not an origin.*\[invalid_input\]/);
  const guests = async (...words: string[]) => (await answers('sites', 'guests', ...words))['guests'];
  assert.deepEqual(await guests('set', 'acme', 'lobby=viewer'), { 'open-*': 'member', lobby: 'viewer' });
  assert.deepEqual(await guests('set', 'acme', 'lobby=member'), { 'open-*': 'member', lobby: 'member' });
  assert.deepEqual(await guests('remove', 'acme', 'open-*'), { lobby: 'member' });
});

test('lists are changed by the server, in one request, so that no other change is lost', async t => {
  const server = await standIn(t, (_request, response) => json(response, 200, { ...site('acme'), connections: 0 }));
  const { shows } = terminalAt(server);
  await shows('sites', 'origins', 'add', 'acme', 'https://two.example');
  await shows('sites', 'guests', 'set', 'acme', 'lobby=viewer');
  assert.deepEqual(server.asked, ['PATCH /admin/v1/sites/acme', 'PATCH /admin/v1/sites/acme']);
});

test('a site is removed only when that is meant', async t => {
  const { app, shows, type, refuses } = await terminal(t);
  assert.match(await refuses('sites', 'remove', 'acme'), /Say --yes\. \[not_confirmed\]/);
  assert.ok(app.sites.site('acme'));
  assert.match(await shows('sites', 'remove', 'acme', '--yes'), /acme is gone/);
  assert.equal(app.sites.site('acme'), undefined);
  assert.match(await refuses('sites', 'show', 'acme'), /\[site_unknown\]/);
  await shows('sites', 'add', 'acme');
  assert.deepEqual(await type('sites', 'remove', 'acme', '--yes', '--json'), { code: 0, output: '', complaints: '' });
});
