import { expect, fixture, html } from '@open-wc/testing';
import { emulateMedia, sendKeys } from '@web/test-runner-commands';

import type { ChalkTalk } from '../../../widget/element/chalk-talk.js';
import { type Backend, startBackend } from '../../support/browser/backend.js';
import { badge, button, focused, nameOf, openBubble, panel, placeBubble, press } from './bubbles.js';
import { chalkTalk, find, heard, inside, newRoom, next, reads, until, visitor } from './rooms.js';

describe('a bubble', () => {
  let backend: Backend;
  before(async () => {
    backend = await startBackend();
    // So that a place is where it will be.
    await emulateMedia({ reducedMotion: 'reduce' });
  });
  after(async () => {
    await emulateMedia({ reducedMotion: 'no-preference' });
    await backend.close();
  });
  beforeEach(() => localStorage.clear());

  const isFocused = (element: Element, selector: string) => focused() === inside(element, selector)[0];
  const composerFocused = (element: Element) => until(() => isFocused(element, 'textarea'), 'one can write at once');

  const backwards = async () => {
    await sendKeys({ down: 'Shift' });
    await sendKeys({ press: 'Tab' });
    await sendKeys({ up: 'Shift' });
  };

  it('is a button and nothing else until it is wanted', async () => {
    const field = await fixture<HTMLInputElement>(html`<input aria-label="of the page" />`);
    field.focus();
    const asked: string[] = [];
    const height = document.documentElement.scrollHeight;
    const element = chalkTalk(backend, { mode: 'bubble', room: newRoom() });
    element.getToken = ({ reason }) => {
      asked.push(reason);
      return backend.token({ person: 'ada' });
    };
    const upgrades = await backend.upgrades();
    const statuses = heard(element, 'chalk-status');
    field.after(element);
    const round = await button(element);
    expect([round.offsetWidth, round.offsetHeight]).to.deep.equal([56, 56]);
    expect(round.ariaLabel).to.equal('Open chat and board');
    expect(inside(element, '.frame, chalk-chat, chalk-gate, chalk-sketch')).to.deep.equal([]);
    expect(document.activeElement === field, 'the focus is the page’s').to.be.true;
    expect(document.documentElement.scrollHeight, 'and so is the place').to.equal(height);
    await expect(element).to.be.accessible();
    element.show();
    await next(element, 'chalk-ready');
    expect(asked, 'it was asked for no token before').to.deep.equal(['connect']);
    expect(statuses.map(({ status }) => status)).to.deep.equal(['connecting', 'connected']);
    expect((await backend.upgrades()) - upgrades).to.equal(1);
    expect(inside(element, 'chalk-sketch'), 'the board is not wanted yet').to.deep.equal([]);
    element.remove();
  });

  it('opens a panel at a press, where one can write at once, and takes the focus back at Escape', async () => {
    const element = await placeBubble(backend);
    const opened = heard(document, 'chalk-open');
    const closed = heard(document, 'chalk-close');
    await press(await button(element));
    const { width, height, right, bottom } = panel(element).getBoundingClientRect();
    expect([width, height]).to.deep.equal([400, Math.min(640, innerHeight - 100)]);
    expect([innerWidth - right, innerHeight - bottom]).to.deep.equal([20, 88]);
    expect(panel(element).matches(':modal'), 'the page stays in use').to.be.false;
    expect(await nameOf(element)).to.equal('Close chat and board');
    await composerFocused(element);
    expect(inside(element, '[role=tablist]').length).to.equal(1);
    await expect(element).to.be.accessible();
    await sendKeys({ type: 'hello' });
    await sendKeys({ press: 'Enter' });
    await reads(element, ['hello']);
    await sendKeys({ press: 'Escape' });
    expect(panel(element).open).to.be.false;
    expect(isFocused(element, '.round')).to.be.true;
    expect([opened.length, closed.length]).to.deep.equal([1, 1]);
    expect(opened[0]?.target === element, 'they are events of the element').to.be.true;
  });

  it('is opened and closed by its buttons, its methods, its property and its attribute alike', async () => {
    const element = await placeBubble(backend);
    const turned: string[] = [];
    element.addEventListener('chalk-open', () => turned.push('open'));
    element.addEventListener('chalk-close', () => turned.push('close'));
    const shows = async (open: boolean, way: string) => {
      await element.updateComplete;
      await until(() => panel(element).open === open, way);
      expect([element.open, element.hasAttribute('open')], way).to.deep.equal([open, open]);
    };
    element.show();
    await shows(true, 'show()');
    element.hide();
    await shows(false, 'hide()');
    element.toggle();
    await shows(true, 'toggle()');
    await press(await button(element));
    await shows(false, 'the button');
    element.setAttribute('open', '');
    await shows(true, 'the attribute');
    await press(await find(element, '.close'));
    await shows(false, 'the button in the head');
    element.open = true;
    await shows(true, 'the property');
    element.toggle(true);
    element.removeAttribute('open');
    await shows(false, 'without the attribute');
    expect(turned.join(' ')).to.equal('open close open close open close open close');
    expect(element.hidden, 'what hides it is another thing').to.be.false;
  });

  it('stays open where Escape is meant for something inside', async () => {
    const element = await openBubble(backend);
    (await find(await find(element, 'chalk-people'), 'button')).focus();
    await sendKeys({ press: 'Enter' });
    await find(element, 'chalk-people-list');
    await sendKeys({ press: 'Escape' });
    await until(() => inside(element, 'chalk-people-list').length === 0, 'the list is closed');
    expect(panel(element).open, 'but not the panel').to.be.true;
    await sendKeys({ press: 'Escape' });
    expect(panel(element).open).to.be.false;
  });

  it('leaves a dialog of the page around it open at Escape', async () => {
    const dialog = await fixture<HTMLDialogElement>(html`<dialog></dialog>`);
    const token = await backend.token({ person: 'ada', rooms: { '*': 'member' } });
    const element = chalkTalk(backend, { mode: 'bubble', room: newRoom(), token });
    dialog.append(element);
    dialog.showModal();
    await press(await button(element));
    await composerFocused(element);
    await sendKeys({ press: 'Escape' });
    expect([panel(element).open, dialog.open]).to.deep.equal([false, true]);
    dialog.close();
  });

  it('goes on after it was closed, and counts what is not read', async () => {
    const room = newRoom();
    const element = await openBubble(backend, { room });
    await composerFocused(element);
    const bo = await visitor(backend, 'bo', { room });
    const unread = heard(element, 'chalk-unread');
    bo.send('good morning');
    await until(() => unread.map(({ count }) => count).join() === '1,0', 'it comes and is read');
    const statuses = heard(element, 'chalk-status');
    element.hide();
    await until(() => !panel(element).open);
    bo.send('one');
    bo.send('two');
    await until(() => badge(element) === '2');
    expect(await nameOf(element)).to.equal('Open chat and board, 2 unread messages');
    expect(inside(element, '.corner [role=status]')[0]?.textContent).to.equal('New messages in the chat');
    await expect(element).to.be.accessible();
    await press(await button(element));
    await reads(element, ['one', 'two']);
    await until(() => unread.at(-1)?.count === 0, 'what is before one’s eyes is read');
    expect(badge(element)).to.be.undefined;
    expect(inside(element, '.new').length, 'what came meanwhile begins with a line').to.equal(1);
    element.hide();
    await until(async () => (await nameOf(element)) === 'Open chat and board');
    expect(statuses).to.deep.equal([]);
  });

  it('counts from the beginning where the page asks for it, and still loads no room', async () => {
    const room = newRoom();
    const bo = await visitor(backend, 'bo', { room });
    const ready = next(document, 'chalk-ready');
    const element = await placeBubble(backend, { room, preconnect: '' });
    await ready;
    bo.send('are you there?');
    await until(() => badge(element) === '1');
    expect(inside(element, '.frame, chalk-gate, chalk-sketch')).to.deep.equal([]);
    const upgrades = await backend.upgrades();
    await press(await button(element));
    await reads(element, ['are you there?']);
    expect(await backend.upgrades(), 'by the same connection').to.equal(upgrades);
  });

  it('may be open from the beginning, and then leaves the focus where it is', async () => {
    const field = await fixture<HTMLInputElement>(html`<input aria-label="of the page" />`);
    field.focus();
    const opened = heard(document, 'chalk-open');
    const element = await placeBubble(backend, { open: '' });
    await find(element, 'textarea');
    expect(panel(element).open).to.be.true;
    expect(opened.length).to.equal(1);
    expect(document.activeElement === field).to.be.true;
    element.hide();
    await until(() => !panel(element).open);
    expect(document.activeElement === field, 'nor does it take the focus when the page closes it').to.be.true;
  });

  it('asks a guest for a name when it is opened', async () => {
    const element = await placeBubble(backend, { room: newRoom('open'), token: '' });
    await press(await button(element));
    await until(() => isFocused(element, 'input[name=name]'), 'the form has the focus');
    await sendKeys({ type: 'Nina' });
    await sendKeys({ press: 'Enter' });
    await composerFocused(element);
  });

  it('goes to its button with focus() while it is closed', async () => {
    const element = await placeBubble(backend);
    element.focus();
    expect(isFocused(element, '.round')).to.be.true;
  });

  it('has everything in reach of the keyboard alone, from the page, through the panel, and out again', async () => {
    const before = await fixture<HTMLElement>(html`<a href="#before">before</a>`);
    const element = await placeBubble(backend);
    const after = await fixture<HTMLElement>(html`<a href="#after">after</a>`);
    before.focus();
    await sendKeys({ press: 'Tab' });
    expect(isFocused(element, '.round')).to.be.true;
    await sendKeys({ press: 'Tab' });
    expect(document.activeElement === after, 'a closed panel is no stop on the way').to.be.true;
    await backwards();
    await sendKeys({ press: 'Enter' });
    await composerFocused(element);
    const stops: (string | undefined)[] = [];
    for (let tries = 0; tries < 20 && document.activeElement !== after; tries += 1) {
      await sendKeys({ press: 'Tab' });
      stops.push(focused()?.ariaLabel ?? focused()?.textContent);
    }
    expect(stops.slice(-2)).to.deep.equal(['Close chat and board', 'after']);
    for (let tries = 0; tries < 20 && !isFocused(element, '.close'); tries += 1) await backwards();
    await sendKeys({ press: 'Enter' });
    expect([panel(element).open, isFocused(element, '.round')]).to.deep.equal([false, true]);
  });

  it('becomes a room in the page and a bubble again, and loses neither session nor words', async () => {
    const room = newRoom();
    const element = await openBubble(backend, { room });
    const bo = await visitor(backend, 'bo', { room });
    await composerFocused(element);
    await sendKeys({ type: 'half a sent' });
    const statuses = heard(element, 'chalk-status');
    const parts = () => ['.frame', 'chalk-chat', 'textarea'].map(part => inside(element, part)[0]);
    const same = parts();
    const stays = (what: string) => {
      for (const [index, part] of parts().entries()) expect(part === same[index], what).to.be.true;
      expect((inside(element, 'textarea')[0] as HTMLTextAreaElement).value, what).to.equal('half a sent');
    };
    element.mode = 'inline';
    await element.updateComplete;
    await until(() => inside(element, '.round').length === 0);
    stays('in the page');
    expect([element.offsetHeight, inside(element, '.frame')[0]?.offsetHeight]).to.deep.equal([560, 560]);
    element.setAttribute('mode', 'bubble');
    await until(() => inside(element, 'dialog[open]').length === 1);
    stays('in the panel');
    element.open = false;
    element.mode = 'inline';
    await until(() => inside(element, '.round').length === 0);
    stays('in the page, once more');
    bo.send('still here?');
    await reads(element, ['still here?']);
    expect(statuses).to.deep.equal([]);
  });

  it('takes part once it is no bubble, though it was never opened', async () => {
    const element = await placeBubble(backend);
    element.mode = 'inline';
    await find(element, 'textarea');
  });

  it('keeps its panel when it is moved in the page', async () => {
    const element = await openBubble(backend);
    const elsewhere = await fixture<HTMLElement>(html`<div></div>`);
    const statuses = heard(element, 'chalk-status');
    elsewhere.append(element);
    await element.updateComplete;
    expect(panel(element).open).to.be.true;
    element.send('moved');
    await reads(element, ['moved']);
    expect(statuses).to.deep.equal([]);
  });

  it('finds its own words for one half of a room', async () => {
    const names: (string | null)[] = [];
    for (const view of ['chat', 'sketch']) names.push(await nameOf(await placeBubble(backend, { view })));
    expect(names).to.deep.equal(['Open chat', 'Open board']);
  });

  it('stands in the corner that it is given, beside others', async () => {
    const corners = ['bottom-end', 'bottom-start', 'top-end', 'top-start'];
    const bubbles: ChalkTalk[] = [];
    for (const corner of corners) bubbles.push(await placeBubble(backend, { corner }));
    const places = async () => {
      const found: string[] = [];
      for (const bubble of bubbles) {
        const { left, right, top, bottom } = (await button(bubble)).getBoundingClientRect();
        const side = left === 20 ? 'left' : innerWidth - right === 20 ? 'right' : '?';
        found.push(`${top === 20 ? 'top' : innerHeight - bottom === 20 ? 'bottom' : '?'} ${side}`);
      }
      return found;
    };
    expect(await places()).to.deep.equal(['bottom right', 'bottom left', 'top right', 'top left']);
    for (const bubble of bubbles) bubble.dir = 'rtl';
    await until(() => bubbles.every(bubble => inside(bubble, '.corner')[0]?.dir === 'rtl'));
    expect(await places()).to.deep.equal(['bottom left', 'bottom right', 'top left', 'top right']);
    for (const bubble of bubbles) {
      bubble.show();
      await until(() => panel(bubble).open);
      const place = panel(bubble).getBoundingClientRect();
      expect(Math.min(place.left, place.top, innerWidth - place.right, innerHeight - place.bottom)).to.be.at.least(12);
      bubble.hide();
    }
  });
});
