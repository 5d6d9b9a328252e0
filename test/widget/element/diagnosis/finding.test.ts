/**
 * What `diagnose()` finds about the page, its site, its token and its room: each caused at the real
 * backend.
 */
import { expect } from '@open-wc/testing';

import { type Backend, startBackend } from '../../../support/browser/backend.js';
import { chalkTalk } from '../rooms.js';
import { check, diagnose, diagnoseWith, results } from './diagnosing.js';

describe('diagnose()', () => {
  let backend: Backend;
  before(async () => {
    backend = await startBackend();
  });
  after(() => backend.close());
  beforeEach(() => localStorage.clear());

  const LOOKED_AT_ALL = ['configuration', 'server', 'site', 'protocol', 'clock', 'websocket'].map(
    name => `${name} good`,
  );

  it('finds nothing where nothing is wrong, and tells no secret', async () => {
    const token = await backend.token({ person: 'ada' });
    const { diagnosis, told } = await diagnose(backend, { token });
    expect(diagnosis.finding).to.equal('ok');
    expect(results(diagnosis)).to.deep.equal([...LOOKED_AT_ALL, 'polling skipped', 'token good', 'room good']);
    expect(diagnosis.visitorMessage).to.equal('Everything works from here.');
    expect(diagnosis.facts).to.include({ page: location.origin, server: backend.url, websocket: 'open' });
    expect(diagnosis.facts).to.include({ protocol: '2', serverVersion: '0.0.0', tokenFrom: 'token' });
    expect(check(diagnosis, 'token')?.message).to.match(/ends in (60 minutes|1 hour)\./);
    expect(check(diagnosis, 'room')?.message).to.contain('as member');

    const block = told.filter(words => words.includes('<chalk-talk> ok'));
    expect(block.length).to.equal(1);
    expect(block[0]).to.match(/^info /);
    for (const { name, result, message } of diagnosis.checks) expect(block[0]).to.match(line(result, name, message));
    for (const [name, fact] of Object.entries(diagnosis.facts)) expect(block[0]).to.contain(`${name}: ${fact}`);
    const everything = `${JSON.stringify(diagnosis)}${told.join('')}`;
    for (const part of token.split('.')) expect(everything).not.to.contain(part);
    expect(Object.values(diagnosis.facts).join()).not.to.contain('?');
  });

  it('asks nothing with a token in an address', async () => {
    const token = await backend.token({ person: 'ada' });
    performance.clearResourceTimings();
    await diagnose(backend, { token });
    const addresses = performance.getEntriesByType('resource').map(({ name }) => name);
    expect(addresses.some(address => address.includes('/check?'))).to.be.true;
    for (const address of addresses) expect(address).not.to.contain(token.split('.')[1]);
  });

  const unset: readonly (readonly [Record<string, string>, string])[] = [
    [{ site: '' }, 'Set the attribute `site`'],
    [{ site: 'Acme!' }, '`site="Acme!"`'],
    [{ room: 'Algebra 101' }, '`room="Algebra 101"`'],
    [{ server: 'chalk.example.com' }, 'must begin with https://'],
    [{ server: 'chalk.example.com:3000' }, 'must begin with https://'],
    [{ 'token-url': 'http://[' }, '`token-url="http://["`'],
  ];
  for (const [attributes, words] of unset) {
    it(`finds what the page says wrong: ${JSON.stringify(attributes)}`, async () => {
      const { diagnosis, told } = await diagnose(backend, attributes);
      expect(diagnosis.finding).to.equal('not_configured');
      expect(diagnosis.message).to.contain(words);
      expect(results(diagnosis).slice(0, 2)).to.deep.equal(['configuration bad', 'server skipped']);
      expect(told.join('\n')).to.contain('error <chalk-talk> not_configured: ');
      expect(diagnosis.visitorMessage).to.contain('whoever runs the page');
    });
  }

  it('finds that there is no such site', async () => {
    const { diagnosis } = await diagnose(backend, { site: 'umbrella', token: await backend.token() });
    expect(diagnosis.finding).to.equal('site_unknown');
    expect(diagnosis.message).to.contain('There is no site "umbrella"');
    expect(results(diagnosis).slice(1, 4)).to.deep.equal(['server good', 'site bad', 'protocol skipped']);
  });

  it('finds that the token does not name the room', async () => {
    const token = await backend.token({ rooms: { 'course-*': 'member', geometry: 'viewer' } });
    const { diagnosis } = await diagnose(backend, { token });
    expect(diagnosis.finding).to.equal('room_forbidden');
    expect(diagnosis.message).to.contain('names "course-*", "geometry"').and.to.contain('"algebra"');
    expect(results(diagnosis).slice(-2)).to.deep.equal(['token good', 'room bad']);
    expect(diagnosis.visitorMessage).to.equal(
      'This room is not open to you. Ask whoever runs this page to let you in.',
    );
  });

  it('finds whether guests are admitted', async () => {
    const { diagnosis: shut } = await diagnose(backend, { room: 'algebra' });
    expect(shut.finding).to.equal('guests_not_allowed');
    expect(shut.message).to.contain('guest rules of the site "acme"');
    expect(results(shut).slice(-2)).to.deep.equal(['token skipped', 'room bad']);
    expect(shut.visitorMessage).to.contain('Guests can’t come in here.');
    const { diagnosis: open } = await diagnose(backend, { room: 'open-day', name: 'Zoe' });
    expect(open.finding).to.equal('ok');
    expect(results(open).slice(-2)).to.deep.equal(['token skipped', 'room good']);
  });

  const seconds = () => Math.floor(Date.now() / 1_000);
  const refused: readonly (readonly [string, () => Promise<string>, string, string])[] = [
    ['has ended', () => backend.token({ lifetime: -600 }), 'token_expired', 'It ended 10 minutes ago'],
    [
      'is not valid yet',
      () => backend.token({ claims: { iat: seconds() + 300, nbf: seconds() + 300, exp: seconds() + 900 } }),
      'token_not_yet_valid',
      'It begins in 5 minutes by the server',
    ],
    ['is of another site', () => backend.token({ site: 'globex' }), 'token_invalid', 'site "globex"'],
    [
      'names another site',
      () => backend.token({ claims: { iss: 'globex' } }),
      'token_wrong_site',
      'Its `iss` is "globex"',
    ],
    [
      'is for another audience',
      () => backend.token({ claims: { aud: 'elsewhere' } }),
      'token_wrong_audience',
      'Its `aud` is "elsewhere"',
    ],
    ['has a claim of another form', () => backend.token({ claims: { rooms: 'all' } }), 'token_claims', 'README'],
    ['was changed', async () => `${(await backend.token()).slice(0, -4)}AAAA`, 'token_invalid', 'algorithm "HS256"'],
    ['is none', async () => 'not-a-token', '', 'What `token` gives is no token'],
    ['cannot even be sent', async () => 'two\nlines ☃', '', 'What `token` gives is no token'],
  ];
  for (const [what, sign, code, words] of refused) {
    it(`finds that a token ${what}`, async () => {
      const token = await sign();
      const { diagnosis } = await diagnose(backend, { token });
      expect(diagnosis.finding).to.equal('token_refused');
      expect(diagnosis.message).to.contain(words).and.to.contain(code);
      expect(results(diagnosis).slice(-2)).to.deep.equal(['token bad', 'room skipped']);
      expect(JSON.stringify(diagnosis)).not.to.contain(token);
    });
  }

  it('finds that `getToken` fails, gives none, or gives something else', async () => {
    const secret = await backend.token();
    const failing = async () => {
      throw new Error(`no session for ${secret}`);
    };
    const cases: readonly (readonly [() => Promise<string>, string])[] = [
      [failing, "The page's `getToken` failed: no session for …"],
      [async () => '', "The page's `getToken` gave no token"],
      // As a page that is not TypeScript may.
      [async () => ({ token: secret }) as unknown as string, "The page's `getToken` gave no token"],
    ];
    for (const [getToken, words] of cases) {
      const element = chalkTalk(backend, { room: 'algebra', view: 'chat' });
      element.getToken = getToken;
      const { diagnosis } = await diagnoseWith(element);
      expect(diagnosis.finding).to.equal('token_unavailable');
      expect(diagnosis.message).to.contain(words);
      expect(diagnosis.facts).to.include({ tokenFrom: 'getToken' });
      expect(diagnosis.visitorMessage).to.contain('could not be signed in');
    }
  });
});

/** A line of the console's block. */
function line(...words: readonly string[]): RegExp {
  return new RegExp(words.map(word => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('\\s+'));
}
