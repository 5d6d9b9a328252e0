import { expect } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';

import { Room } from '../../../widget/session/room.js';
import { type Backend, startBackend } from '../../support/browser/backend.js';
import { chalkTalk, find, heard, inside, newRoom, next, place, reads, texts, visitor, until } from './rooms.js';

describe('talking in the element', () => {
  let backend: Backend;
  before(async () => {
    backend = await startBackend();
  });
  after(() => backend.close());

  it('shows one what the other says, and tells the page', async () => {
    const room = newRoom();
    const ada = await visitor(backend, 'ada', { room });
    const arrived = next(ada, 'chalk-presence');
    const bo = await visitor(backend, 'bo', { room });
    const { people, count } = await arrived;
    expect(people.map(({ name }) => name)).to.deep.equal(['ADA', 'BO']);
    expect(count).to.equal(2);

    const told = next(bo, 'chalk-message');
    const heardByAda = next(ada, 'chalk-message');
    bo.focus();
    await sendKeys({ type: 'is anyone here?' });
    await sendKeys({ press: 'Enter' });
    await reads(bo, ['is anyone here?']);
    expect((await told).message).to.include({ text: 'is anyone here?', own: true });
    const event = await heardByAda;
    expect(event.message).to.include({ text: 'is anyone here?', own: false, state: 'sent' });
    expect(event.bubbles && event.composed).to.be.true;
    ada.send('yes');
    await reads(bo, ['is anyone here?', 'yes']);
  });

  it('asks the page before it sends, and keeps back what the page prevents', async () => {
    const ada = await visitor(backend, 'ada', { room: newRoom() });
    const asked = heard(ada, 'chalk-before-send');
    ada.addEventListener('chalk-before-send', event => event.preventDefault(), { once: true });
    ada.focus();
    await sendKeys({ type: 'first' });
    await sendKeys({ press: 'Enter' });
    expect(asked.map(({ text }) => text)).to.deep.equal(['first']);
    const field = (await find(ada, 'textarea')) as HTMLTextAreaElement;
    expect(field.value, 'what was kept back can be changed').to.equal('first');
    await sendKeys({ press: 'Enter' });
    await reads(ada, ['first']);
    expect(texts(ada)).to.deep.equal(['first']);
  });

  it('sends a text of the page, and refuses where nothing may be written', async () => {
    const room = newRoom();
    const ada = await visitor(backend, 'ada', { room });
    expect(() => ada.send(''))
      .to.throw()
      .with.property('code', 'text_empty');
    expect(ada.send('by the page')).to.be.a('string');
    await reads(ada, ['by the page']);
    const vera = await visitor(backend, 'vera', { room, role: 'viewer' });
    expect(() => vera.send('no'))
      .to.throw()
      .with.property('code', 'role_forbidden');
    expect((await find(vera, '.read-only')).textContent).to.equal('You are reading along.');
  });

  it('counts what was not read while the board is in front', async () => {
    const room = newRoom();
    const ada = await visitor(backend, 'ada', { room });
    const bo = await visitor(backend, 'bo', { room, view: 'both' });
    const unread = heard(bo, 'chalk-unread');
    ada.send('one');
    await until(() => unread.map(({ count }) => count).join() === '1,0', 'it comes and is read');
    (await find(bo, '#tab-board')).click();
    await find(bo, 'chalk-sketch');
    await bo.updateComplete;
    ada.send('two');
    ada.send('three');
    await until(() => inside(bo, '.badge')[0]?.textContent === '2');
    expect(inside(bo, '#tab-talk')[0]?.getAttribute('aria-label')).to.equal('Talk, 2 unread messages');
    (await find(bo, '#tab-talk')).click();
    await until(() => inside(bo, '.badge').length === 0);
    expect(unread.at(-1)?.count).to.equal(0);
    expect(inside(bo, '.new').length, 'what came meanwhile begins with a line').to.equal(1);
  });

  it('finds what was missed marked after a reload', async () => {
    const room = newRoom();
    const ada = await visitor(backend, 'ada', { room });
    const bo = await visitor(backend, 'bo', { room });
    const read = heard(bo, 'chalk-unread');
    ada.send('seen');
    await reads(bo, ['seen']);
    await until(() => read.at(-1)?.count === 0, 'it was read');
    // Read positions are told a little later than they are reached: another visit shows when the
    // backend has it.
    const token = await backend.token({ person: 'bo', rooms: { '*': 'member' } });
    await until(async () => {
      const visit = chalkTalk(backend, { room, token, view: 'sketch' });
      const unread = heard(visit, 'chalk-unread');
      const ready = next(visit, 'chalk-ready');
      await place(visit);
      await ready;
      visit.remove();
      return unread.length === 0;
    }, 'the backend knows what was read');
    bo.remove();
    ada.send('missed');
    await reads(ada, ['missed']);
    const again = await visitor(backend, 'bo', { room, view: 'both' });
    const line = await find(again, '.new');
    expect(line.nextElementSibling?.textContent).to.contain('missed');
    await until(() => inside(again, '.badge').length === 0, 'what is before one’s eyes is read');
  });

  it('goes on writing while the connection is lost, says so, and sends it all once', async () => {
    const room = newRoom();
    const ada = await visitor(backend, 'ada', { room });
    const bo = await visitor(backend, 'bo', { room });
    const statuses = heard(ada, 'chalk-status');
    await backend.network('down');
    await backend.cut();
    await until(() => statuses.at(-1)?.status === 'reconnecting');
    ada.send('one');
    ada.send('two');
    await until(() => inside(ada, '.notice')[0]?.textContent === 'Reconnecting… 2 waiting to be sent');
    expect(inside(ada, '.message.pending').length).to.equal(2);
    await backend.network('pass');
    await until(() => statuses.at(-1)?.status === 'connected');
    await reads(bo, ['one', 'two']);
    expect(texts(bo)).to.deep.equal(['one', 'two']);
    await until(() => inside(ada, '.message.pending').length === 0);
    expect(inside(ada, '.notice').length).to.equal(0);
  });

  it('says to screen readers what others write, outside of the talk', async () => {
    const room = newRoom();
    const ada = await visitor(backend, 'ada', { room });
    const bo = await visitor(backend, 'bo', { room });
    const region = await find(bo, '[role=status]');
    ada.send('good morning');
    await until(() => region.textContent === 'ADA: good morning');
    expect(inside(bo, '[role=log]')[0]?.getAttribute('aria-live')).to.equal('off');
    expect(inside(ada, '[role=status]')[0]?.textContent, 'not what one wrote oneself').to.equal('');
  });

  it('says in one quiet line, and once to screen readers, that a newer version would show more', async () => {
    const room = newRoom();
    const ada = await visitor(backend, 'ada', { room });
    const region = await find(ada, '[role=status]');
    const said: string[] = [];
    new MutationObserver(() => said.push(region.textContent)).observe(region, { childList: true });
    const { session } = Reflect.get(ada, '_visit') as { readonly session: unknown };
    if (!(session instanceof Room)) throw new TypeError('A session is a Room.');
    const { link } = session;
    for (let count = 0; count < 3; count += 1) {
      const { epoch = '', seq: prev = 0 } = link.record.state ?? {};
      const event = { type: 'poll.opened', seq: prev + 1, prev, at: 0, by: 1, command: 'a-later-version-' };
      link.events({ room, epoch, events: [event] });
      await until(() => inside(ada, '.newer').length === 1, 'it is not shown');
    }
    const [line] = inside(ada, '.newer');
    expect(line?.textContent).to.equal('A newer version is here: reload for everything');
    expect([line?.getAttribute('role'), line?.closest('[role=alert], [aria-live]')]).to.deep.equal([null, null]);
    const [talk] = inside(ada, '#talk');
    expect(line?.getBoundingClientRect().bottom).to.be.at.most(talk?.getBoundingClientRect().top ?? 0);
    await until(() => said.includes('') && said.some(text => text !== ''), 'it is not said');
    expect(said.filter(text => text !== '')).to.deep.equal(['A newer version is here: reload for everything']);
  });

  it('loads older messages', async () => {
    const room = newRoom();
    const ada = await visitor(backend, 'ada', { room });
    for (let count = 1; count <= 60; count += 1) ada.send(`message ${count}`);
    await reads(ada, ['message 60']);
    await until(() => inside(ada, '.message.pending').length === 0);
    const bo = await visitor(backend, 'bo', { room });
    const scroller = await find(bo, '.scroller');
    await until(() => texts(bo).length >= 50);
    scroller.scrollTop = 0;
    await until(() => texts(bo)[0] === 'message 1');
    expect(texts(bo).length).to.equal(60);
  });
});
