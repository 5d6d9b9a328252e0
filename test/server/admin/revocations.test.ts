import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import { ManualClock } from '../../support/manual-clock.js';
import { operated } from './operator.js';

const REVOCATIONS = '/sites/acme/revocations';
const DAY = 86_400_000;

suite('revocations', () => {
  test('are added, listed by kind and taken back', async t => {
    const clock = new ManualClock();
    const { operator, app } = await operated(t, { clock });
    const now = clock.now();
    assert.deepEqual(await operator.does('GET', REVOCATIONS), { revocations: [] });
    const ann = { kind: 'person', subject: 'ann', revokedAt: now, until: null };
    const bob = { kind: 'person', subject: 'bob', revokedAt: now, until: now + DAY };
    // As long as any token may live, and clocks be wrong.
    const token = { kind: 'token', subject: 'a jti', revokedAt: now + 1, until: now + 1 + DAY + 10_000 };
    assert.deepEqual(await operator.does('POST', REVOCATIONS, { kind: 'person', subject: 'ann' }), ann);
    assert.deepEqual(
      await operator.does('POST', REVOCATIONS, { kind: 'person', subject: 'bob', until: now + DAY }),
      bob,
    );
    clock.advance(1);
    assert.deepEqual(await operator.does('POST', REVOCATIONS, { kind: 'token', subject: 'a jti' }), token);
    assert.deepEqual(await operator.does('GET', REVOCATIONS), { revocations: [token, ann, bob] });
    assert.deepEqual(await operator.does('GET', `${REVOCATIONS}?kind=person`), { revocations: [ann, bob] });
    assert.deepEqual(await operator.does('GET', `${REVOCATIONS}?kind=token`), { revocations: [token] });
    clock.advance(DAY);
    assert.deepEqual(await operator.does('GET', `${REVOCATIONS}?kind=person`), { revocations: [ann] });
    assert.equal((await operator.request('DELETE', `${REVOCATIONS}?kind=token&subject=a%20jti`)).status, 204);
    assert.deepEqual(app.sites.revocations.of('acme'), [ann]);
  });

  test('of any person, whatever stands in the id, encoded as queries are', async t => {
    const { operator, app } = await operated(t);
    for (const subject of ['..', '.', 'a/b', 'a%2Fb', 'a+b', 'a&kind=token', '?', '#', '"<\\>\'', 'guest:x']) {
      await operator.does('POST', REVOCATIONS, { kind: 'person', subject });
      assert.ok(app.sites.revocations.has('acme', 'person', subject), subject);
      await operator.does('DELETE', `${REVOCATIONS}?kind=person&subject=${encodeURIComponent(subject)}`);
      assert.ok(!app.sites.revocations.has('acme', 'person', subject), subject);
    }
  });

  test('of what nobody can be, or of nobody, are refused in words', async t => {
    const { operator } = await operated(t);
    const wrong: [body: object, named: RegExp][] = [
      [{ kind: 'person', subject: 'ann lee' }, /"ann lee" is not a person's id/],
      [{ kind: 'person', subject: '' }, /`subject`/],
      [{ kind: 'room', subject: 'ann' }, /`kind` must be `person` or `token`/],
      [{ kind: 'person', subject: 'ann', until: 1 }, /`until` must lie ahead/],
      [{ kind: 'person', subject: 'ann', until: 'tomorrow' }, /`until`/],
      [{ kind: 'person', subject: 'ann', more: 1 }, /`more`/],
      [{ kind: 'token', subject: 'x'.repeat(129) }, /`subject`/],
    ];
    for (const [body, named] of wrong) {
      const { code, message } = await operator.isRefused('POST', REVOCATIONS, body);
      assert.equal(code, 'invalid_input');
      assert.match(message, named);
    }
    for (const query of [
      '',
      '?kind=person',
      '?subject=ann',
      '?kind=person&subject=ann&subject=bob',
      '?kind=room&subject=ann',
    ]) {
      assert.equal((await operator.isRefused('DELETE', REVOCATIONS + query)).code, 'invalid_input', query);
    }
    const nobody = await operator.isRefused('DELETE', `${REVOCATIONS}?kind=person&subject=ann`);
    assert.match(nobody.message, /"ann" is not revoked/);
    for (const [method, body] of [['GET'], ['POST', { kind: 'person', subject: 'ann' }]] as const) {
      assert.equal((await operator.isRefused(method, '/sites/initech/revocations', body)).code, 'site_unknown');
    }
  });
});
