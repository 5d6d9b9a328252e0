import { expect } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';

import type { ChalkTalk } from '../../../widget/element/chalk-talk.js';
import type { TokenWish } from '../../../widget/element/entrance.js';
import { type Backend, startBackend } from '../../support/browser/backend.js';
import { chalkTalk, consoleErrors, find, heard, inside, newRoom, next, place, reads, until } from './rooms.js';

describe('coming in', () => {
  let backend: Backend;
  before(async () => {
    backend = await startBackend();
  });
  after(() => backend.close());
  beforeEach(() => localStorage.clear());

  const token = (person: string, rooms: Record<string, 'viewer' | 'member' | 'moderator'> = { '*': 'member' }) =>
    backend.token({ person, rooms });

  /**
   * The address of a page's server that no other test asks: what elements share ends a little after
   * them.
   */
  const tokenUrl = () => `/chalk-token?${newRoom()}`;

  /** Answers for the page's own server at `/chalk-token`; everything else goes where it goes. */
  function pageServer(answer: (request: Request) => Promise<Response>): () => void {
    const fetch = window.fetch.bind(window);
    window.fetch = async (input, init) => {
      const request = new Request(input, init);
      return new URL(request.url).pathname === '/chalk-token' ? await answer(request) : await fetch(input, init);
    };
    return () => {
      window.fetch = fetch;
    };
  }

  it('asks `token-url` as no foreign form can', async () => {
    const room = newRoom();
    const asked: Request[] = [];
    const stop = pageServer(async request => {
      asked.push(request.clone());
      return Response.json({ token: await token('ada') });
    });
    const element = chalkTalk(backend, { room, 'token-url': tokenUrl(), view: 'chat' });
    const ready = next(element, 'chalk-ready');
    await place(element);
    expect(await ready).to.include({ room, role: 'member' });
    stop();
    const [request] = asked;
    expect(asked.length).to.equal(1);
    expect(request?.method).to.equal('POST');
    expect(request?.headers.get('X-Chalk-Talk')).to.equal('1');
    expect(request?.credentials).to.equal('same-origin');
    expect(await request?.json()).to.deep.equal({ site: 'acme', room });
  });

  it('takes a token as plain text, and asks again where the page’s server failed', async () => {
    let asked = 0;
    const stop = pageServer(async () => {
      asked += 1;
      return asked === 1 ? new Response('oops', { status: 503 }) : new Response(await token('ada'));
    });
    const element = chalkTalk(backend, { room: newRoom(), 'token-url': tokenUrl(), view: 'chat' });
    const errors = heard(element, 'chalk-error');
    const ready = next(element, 'chalk-ready');
    const told = await consoleErrors(async () => {
      await place(element);
      await ready;
    });
    stop();
    expect(asked).to.equal(2);
    expect(errors.map(({ code }) => code)).to.deep.equal(['token_missing']);
    expect(told.join()).to.contain('503');
  });

  it('says what `token-url` lacks where it gives no token', async () => {
    const stop = pageServer(async () => new Response('<h1>Sign in</h1>'));
    const element = chalkTalk(backend, { room: newRoom(), 'token-url': tokenUrl(), view: 'chat' });
    const failed = next(element, 'chalk-error');
    const [told] = await consoleErrors(async () => {
      await place(element);
      await failed;
    });
    stop();
    expect((await failed).code).to.equal('token_missing');
    expect(told).to.contain('{ "token": "…" }');
  });

  it('takes `getToken` from before it was an element', async () => {
    const template = document.createElement('template');
    template.content.append(document.createElement('chalk-talk'));
    const early = template.content.firstElementChild;
    expect(early?.shadowRoot, 'it is not an element of ours yet').to.be.null;
    const room = newRoom();
    const wishes: TokenWish[] = [];
    Object.assign(early ?? {}, {
      server: backend.url,
      site: 'acme',
      room,
      view: 'chat',
      async getToken(wish: TokenWish) {
        wishes.push(wish);
        return await token('ada');
      },
    });
    const ready = next(document, 'chalk-ready');
    await place(early as ChalkTalk);
    expect(await ready).to.include({ room });
    expect(wishes).to.deep.equal([{ site: 'acme', room, reason: 'connect' }]);
  });

  it('asks a guest for a name, and knows them again', async () => {
    const room = newRoom('open');
    const element = chalkTalk(backend, { room, view: 'chat' });
    await place(element);
    const field = await find(element, 'input[name=name]');
    expect(document.activeElement === element, 'the focus is not taken').to.be.false;
    await expect(element).to.be.accessible();
    field.focus();
    await sendKeys({ type: 'Nina' });
    const ready = next(element, 'chalk-ready');
    const presence = next(element, 'chalk-presence');
    await sendKeys({ press: 'Enter' });
    await ready;
    const [nina] = (await presence).people;
    expect(nina).to.include({ name: 'Nina', guest: true });
    await until(() => inside(element, 'textarea')[0]?.matches(':focus'), 'the composer has the focus');

    element.remove();
    const again = chalkTalk(backend, { room, view: 'chat' });
    const known = next(again, 'chalk-presence');
    await place(again);
    expect((await known).people[0]).to.deep.equal(nina);
    again.remove();
    const renamed = chalkTalk(backend, { room, name: 'Nina Two', view: 'chat' });
    const same = next(renamed, 'chalk-presence');
    await place(renamed);
    expect((await same).people[0]?.id, 'by another connection, with another name').to.equal(nina?.id);
  });

  it('takes a guest’s name from the page', async () => {
    const element = chalkTalk(backend, { room: newRoom('open'), name: 'Olaf', view: 'chat' });
    const presence = next(element, 'chalk-presence');
    await place(element);
    expect((await presence).people[0]).to.include({ name: 'Olaf', guest: true });
  });

  it('lets two rooms share one connection', async () => {
    const shared = await token('ada');
    const before = await backend.upgrades();
    const elements = [newRoom(), newRoom()].map(room => chalkTalk(backend, { room, token: shared, view: 'chat' }));
    const ready = Promise.all(elements.map(element => next(element, 'chalk-ready')));
    for (const element of elements) await place(element);
    await ready;
    expect((await backend.upgrades()) - before).to.equal(1);
    elements[0]?.send('in the first');
    elements[1]?.send('in the second');
    for (const [index, text] of ['in the first', 'in the second'].entries()) {
      const element = elements[index];
      if (element) await reads(element, [text]);
    }
  });

  it('gives a room a connection of its own where the shared token does not name it', async () => {
    const stop = pageServer(async request => {
      const { room } = (await request.json()) as TokenWish;
      return Response.json({ token: await token('ada', { [room]: 'member' }) });
    });
    const url = tokenUrl();
    const elements = [newRoom(), newRoom()].map(room => chalkTalk(backend, { room, 'token-url': url, view: 'chat' }));
    const errors = heard(document, 'chalk-error');
    const ready = Promise.all(elements.map(element => next(element, 'chalk-ready')));
    for (const element of elements) await place(element);
    await ready;
    stop();
    expect(errors).to.deep.equal([]);
  });

  it('swaps the room and the person at run time', async () => {
    const [one, other] = [newRoom(), newRoom()];
    const element = chalkTalk(backend, { room: one, token: await token('ada'), view: 'chat' });
    const first = next(element, 'chalk-ready');
    await place(element);
    await first;
    element.send('in one');
    await reads(element, ['in one']);
    const second = next(element, 'chalk-ready');
    element.room = other;
    expect(await second).to.include({ room: other });
    expect(inside(element, '.bubble').length).to.equal(0);
    const third = next(element, 'chalk-presence');
    element.token = await token('bo');
    expect((await third).people.map(({ id }) => id)).to.deep.equal(['bo']);
  });

  it('stays where a newer token is for the same person', async () => {
    const element = chalkTalk(backend, { room: newRoom(), token: await token('ada'), view: 'chat' });
    const ready = next(element, 'chalk-ready');
    await place(element);
    await ready;
    const statuses = heard(element, 'chalk-status');
    element.token = await backend.token({ person: 'ada', rooms: { '*': 'member' }, lifetime: 7_200 });
    await element.updateComplete;
    element.send('still here');
    await reads(element, ['still here']);
    expect(statuses).to.deep.equal([]);
  });

  const refused: readonly (readonly [string, () => Promise<Record<string, string>>, string, string, string])[] = [
    ['a forged token', async () => ({ token: 'a.b.c' }), 'token_invalid', 'can’t be opened', 'key of this site'],
    [
      'a room that the token does not name',
      async () => ({ token: await token('ada', { elsewhere: 'member' }) }),
      'room_forbidden',
      'not open to you',
      'does not name this room',
    ],
    [
      'a site that is not there',
      async () => ({ site: 'nowhere', token: await token('ada') }),
      'site_unknown',
      'can’t be opened',
      'no site',
    ],
    [
      'a guest where none is admitted',
      async () => ({ name: 'X' }),
      'guests_not_allowed',
      'Guests can’t come in',
      'guests',
    ],
    ['a page without a site', async () => ({ site: '' }), 'not_configured', 'can’t be opened', '`site`'],
    [
      'a room that is no name',
      async () => ({ room: 'Algebra 101' }),
      'not_configured',
      'can’t be opened',
      'Algebra 101',
    ],
  ];
  for (const [what, attributes, code, words, sentence] of refused) {
    it(`turns away ${what}: kind words for the visitor, the reason for the author, once`, async () => {
      const element = chalkTalk(backend, { room: newRoom(), ...(await attributes()) });
      const errors = heard(element, 'chalk-error');
      const told = await consoleErrors(async () => {
        await place(element);
        await until(() => inside(element, '[role=alert]').length > 0 && errors.length > 0, 'it says so');
      });
      expect(inside(element, '[role=alert]')[0]?.textContent).to.contain(words);
      expect(errors.map(error => error.code)).to.deep.equal([code]);
      expect(told.filter(line => line.includes('<chalk-talk>')).length).to.equal(1);
      expect(told.join()).to.contain(`<chalk-talk> ${code}: `).and.to.contain(sentence);
      await expect(element).to.be.accessible();
    });
  }

  it('says what `getToken` lacks, by a sentence that is loaded for it, and how to find out more', async () => {
    const element = chalkTalk(backend, { room: newRoom() });
    element.getToken = () => '';
    const failed = next(element, 'chalk-error');
    const told = await consoleErrors(async () => {
      await place(element);
      await failed;
    });
    expect(await failed).to.include({ code: 'token_missing' });
    expect((await failed).message).to.contain('`getToken`');
    expect(told.join()).to.contain("document.querySelector('chalk-talk').diagnose()");
  });

  it('shows nobody any longer where the room was taken back', async () => {
    const room = newRoom();
    const element = chalkTalk(backend, { room, view: 'chat' });
    let asked = 0;
    element.getToken = async () => {
      asked += 1;
      return asked === 1
        ? backend.token({ person: 'ada', rooms: { [room]: 'member' }, lifetime: 5 })
        : backend.token({ person: 'ada', rooms: { elsewhere: 'member' } });
    };
    const failed = next(element, 'chalk-error');
    await consoleErrors(async () => {
      await place(element);
      await until(() => inside(element, '.face').length === 1, 'one sees oneself');
      await failed;
    });
    expect(await failed).to.include({ code: 'room_forbidden' });
    await until(() => inside(element, '[role=alert]').length === 1);
    expect(inside(element, '.face').length).to.equal(0);
  });

  it('goes in where the token is mended', async () => {
    const element = chalkTalk(backend, { room: newRoom(), token: 'a.b.c', view: 'chat' });
    const failed = next(element, 'chalk-error');
    await consoleErrors(async () => {
      await place(element);
      await failed;
    });
    const ready = next(element, 'chalk-ready');
    element.token = await token('ada');
    await ready;
    await until(() => inside(element, 'chalk-gate').length === 0);
  });
});
