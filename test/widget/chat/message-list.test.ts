import { aTimeout, expect } from '@open-wc/testing';

import type { ChatDiscardEvent, ChatReadEvent, ChatRetryEvent } from '../../../widget/chat/events.js';
import { message, messages } from './messages.js';
import { frame, LOADED, next, openPanel } from './panel.js';
import { waitUntil } from '../../support/browser/wait-until.js';

describe('the list of messages', () => {
  it('stays at the end as messages come, and tells what was read', async () => {
    const panel = await openPanel({ messages: messages(1, 30) });
    const { seq } = await next<ChatReadEvent>(panel.element, 'chat-read');
    expect(seq).to.equal(30);
    expect(panel.fromEnd).to.be.below(2);
    const read = next<ChatReadEvent>(panel.element, 'chat-read');
    await panel.set({ messages: messages(1, 33) });
    expect(panel.fromEnd).to.be.below(2);
    expect((await read).seq).to.equal(33);
  });

  it('has not read what comes in the very moment in which it is hidden', async () => {
    const panel = await openPanel({ messages: messages(1, 3) });
    await next<ChatReadEvent>(panel.element, 'chat-read');
    let read = false;
    panel.element.addEventListener('chat-read', () => {
      read = true;
    });
    panel.element.style.display = 'none';
    await panel.set({ messages: messages(1, 4) });
    expect(read).to.be.false;
    const seen = next<ChatReadEvent>(panel.element, 'chat-read');
    // An observer tells only of changes from frame to frame.
    await frame();
    await frame();
    panel.element.style.display = '';
    expect((await seen).seq).to.equal(4);
  });

  it('stays at the end when it becomes smaller and its lines become wider', async () => {
    const panel = await openPanel({
      messages: messages(1, 30, { text: 'a long message of several words '.repeat(5) }),
    });
    await frame();
    panel.element.style.blockSize = '250px';
    panel.element.style.inlineSize = '600px';
    await frame();
    await frame();
    expect(panel.fromEnd).to.be.below(2);
  });

  it('keeps the place of the reader while new messages come, says how many, and goes to them', async () => {
    const panel = await openPanel({ messages: messages(1, 60) });
    await frame();
    await panel.scroll(200);
    let read = false;
    panel.element.addEventListener('chat-read', () => {
      read = true;
    });
    const line = [...panel.list.renderRoot.querySelectorAll('.message')].find(
      one => one.getBoundingClientRect().top > panel.scroller.getBoundingClientRect().top,
    );
    const before = line?.getBoundingClientRect().top;
    await panel.set({ messages: [...messages(1, 63), message(64, { own: true })] });
    await frame();
    expect(line?.getBoundingClientRect().top).to.be.closeTo(before ?? NaN, 1);
    const button = panel.list.renderRoot.querySelector<HTMLElement>('.to-end');
    expect(button?.textContent.trim()).to.equal('3 new');
    expect(read).to.be.false;
    const reading = next<ChatReadEvent>(panel.element, 'chat-read');
    button?.click();
    expect((await reading).seq).to.equal(64);
    expect(panel.fromEnd).to.be.below(2);
    expect(panel.list.renderRoot.querySelector('.to-end')).not.to.be.ok;
  });

  it('asks for older messages near the oldest, and keeps every line on its pixel when they come', async () => {
    const long = { text: 'older words that take more than one line each, here and there '.repeat(3) };
    const panel = await openPanel({ messages: messages(101, 160), history: { ...LOADED, more: true } });
    await frame();
    await frame();
    const asked = next(panel.element, 'chat-older');
    await panel.scroll(40);
    await asked;
    await panel.set({ history: { loaded: true, more: true, loading: true } });
    await panel.scroll(150);
    const texts = [103, 104, 105, 106, 107].map(seq => `message ${seq}`);
    const before = texts.map(text => panel.top(text));
    await panel.set({
      messages: [...messages(51, 100).map(one => ({ ...one, ...long, key: one.key })), ...messages(101, 160)],
      history: { ...LOADED, more: true },
    });
    texts.forEach((text, index) => expect(panel.top(text), text).to.be.closeTo(before[index] ?? NaN, 1));
    await frame();
    await frame();
    texts.forEach((text, index) => expect(panel.top(text), `${text}, later`).to.be.closeTo(before[index] ?? NaN, 1));
  });

  it('asks again while the oldest is still near', async () => {
    const panel = await openPanel({ messages: messages(3, 4), history: { ...LOADED, more: true } });
    await next(panel.element, 'chat-older');
    const again = next(panel.element, 'chat-older');
    await panel.set({ history: { loaded: true, more: true, loading: true } });
    await panel.set({ messages: messages(1, 4), history: { ...LOADED, more: true } });
    await again;
  });

  it('does not ask again and again for what does not load, but lets the reader', async () => {
    const panel = await openPanel({ messages: messages(3, 4), history: { ...LOADED, more: true } });
    await next(panel.element, 'chat-older');
    let asked = 0;
    panel.element.addEventListener('chat-older', () => void (asked += 1));
    await panel.set({ history: { loaded: true, more: true, loading: true } });
    await panel.set({ messages: messages(3, 4), history: { ...LOADED, more: true } });
    await panel.set({ messages: messages(3, 5) });
    for (let count = 0; count < 3; count += 1) await frame();
    expect(asked).to.equal(0);
    panel.list.renderRoot.querySelector<HTMLElement>('.older button')?.click();
    expect(asked).to.equal(1);
    await panel.set({ messages: messages(1, 5) });
    expect(panel.list.renderRoot.querySelector('.older button')).not.to.be.ok;
  });

  it('keeps the place when fonts or widths change the height of what is above', async () => {
    const text = 'words that flow into the next line when there is less place for them '.repeat(2);
    const panel = await openPanel({ messages: messages(1, 60).map(one => ({ ...one, text: `${text} ${one.key}` })) });
    await frame();
    await panel.scroll(1_500);
    const line = [...panel.list.renderRoot.querySelectorAll('.message')].find(
      one => one.getBoundingClientRect().bottom > panel.scroller.getBoundingClientRect().top,
    );
    const before = line?.getBoundingClientRect().bottom;
    panel.element.style.inlineSize = '300px';
    await frame();
    await frame();
    expect(line?.getBoundingClientRect().bottom).to.be.closeTo(before ?? NaN, 1);
  });

  it('marks what is new since the last visit, and no longer once one has answered', async () => {
    const panel = await openPanel({ messages: messages(1, 6), readOnArrival: 4 });
    const firstNew = () => panel.list.renderRoot.querySelector('.new')?.nextElementSibling?.textContent.trim();
    expect(firstNew()).to.contain('message 5');
    await panel.set({ messages: messages(1, 8) });
    expect(firstNew(), 'it stays while one reads').to.contain('message 5');
    panel.list.answered();
    await panel.list.updateComplete;
    expect(firstNew()).to.be.undefined;
  });

  it('makes links only of addresses of the web, and markup of nothing', async () => {
    const text = 'javascript:alert(1) <img src=x onerror=alert(1)> https://example.com/?a=1.';
    const panel = await openPanel({ messages: [message(1, { text })] });
    const links = panel.list.renderRoot.querySelectorAll('a');
    expect(links.length).to.equal(1);
    expect(links[0]?.href).to.equal('https://example.com/?a=1');
    expect(links[0]?.rel).to.equal('noopener noreferrer nofollow ugc');
    expect(links[0]?.target).to.equal('_blank');
    expect(panel.list.renderRoot.querySelector('img')).not.to.be.ok;
    expect(panel.line(text)).to.be.ok;
  });

  it('keeps the lines of a text, and its direction whatever the page has', async () => {
    const text = 'one\n  two';
    const panel = await openPanel({ messages: [message(1, { text }), message(2, { text: 'مرحبا' })] });
    const said = panel.line(text)?.querySelector<HTMLElement>('.bubble span');
    expect(said?.offsetHeight).to.equal(40);
    const arabic = panel.line('مرحبا')?.querySelector('.bubble span');
    expect(arabic && getComputedStyle(arabic).direction).to.equal('rtl');
  });

  it('says what was not sent, and lets it be sent again or deleted', async () => {
    const failed = message(2, { own: true, state: 'failed', key: 'k', refusal: { code: 'too_large', message: '' } });
    const { seq: _, ...unsent } = failed;
    const panel = await openPanel({ messages: [message(1), unsent] });
    const failure = panel.list.renderRoot.querySelector('chalk-failure');
    const inside = (selector: string) => failure?.shadowRoot?.querySelector<HTMLElement>(selector);
    await waitUntil(() => inside('.why'), 'it says nothing');
    expect(inside('.why')?.textContent).to.equal('Not sent. It is too long.');
    const press = (action: string) => inside(`[data-action=${action}]`)?.click();
    const retried = next<ChatRetryEvent>(panel.element, 'chat-retry');
    press('again');
    expect((await retried).key).to.equal('k');
    const discarded = next<ChatDiscardEvent>(panel.element, 'chat-discard');
    press('discard');
    expect((await discarded).key).to.equal('k');
  });

  it('gives the text of what was not sent to the clipboard, or selects it where the page may not', async () => {
    const failed = message(2, { own: true, state: 'failed', key: 'k', text: 'said in vain' });
    const { seq: _, ...unsent } = failed;
    const panel = await openPanel({ messages: [message(1), unsent] });
    const failure = panel.list.renderRoot.querySelector('chalk-failure');
    const copy = () => failure?.shadowRoot?.querySelector<HTMLElement>('[data-action=copy]');
    await waitUntil(copy, 'it can not be copied');
    const copied: string[] = [];
    let allowed = true;
    const { clipboard } = navigator;
    const fake = {
      writeText: async (text: string) => {
        if (!allowed) throw new DOMException('No.', 'NotAllowedError');
        copied.push(text);
      },
    };
    Object.defineProperty(navigator, 'clipboard', { configurable: true, value: fake });
    try {
      copy()?.click();
      await waitUntil(() => copy()?.textContent === 'Copied');
      expect(copied).to.deep.equal(['said in vain']);
      allowed = false;
      copy()?.click();
      await waitUntil(() => copy()?.textContent === 'Text selected');
      expect(String(getSelection())).to.contain('said in vain');
    } finally {
      Object.defineProperty(navigator, 'clipboard', { configurable: true, value: clipboard });
    }
  });

  it('shows grey lines while it loads, and kind words where there is nothing', async () => {
    const panel = await openPanel({ history: { loaded: false, more: false, loading: false } });
    expect(panel.list.renderRoot.querySelector('.skeleton')).to.be.ok;
    await panel.set({ history: LOADED });
    expect(panel.list.renderRoot.querySelector('.skeleton')).not.to.be.ok;
    expect(panel.list.renderRoot.querySelector('.empty')?.textContent).to.contain('Say hello');
  });

  it('says who is writing', async () => {
    const panel = await openPanel();
    const line = () => panel.element.renderRoot.querySelector('.who')?.textContent;
    const people = ['Ada', 'Bo', 'Cy'].map(name => ({ id: name, name }));
    const said: (string | undefined)[] = [];
    for (let count = 0; count <= 3; count += 1) {
      await panel.set({ typing: people.slice(0, count) });
      said.push(line());
    }
    expect(said).to.deep.equal([undefined, 'Ada is writing…', 'Ada and Bo are writing…', '3 people are writing…']);
  });

  it('is accessible', async () => {
    const panel = await openPanel({
      messages: [
        ...messages(1, 4),
        message(5, { own: true, text: 'see https://example.com' }),
        message(6, { own: true, state: 'failed' }),
        message(7, { own: true, state: 'pending' }),
      ],
      readOnArrival: 2,
      typing: [{ id: 'bo', name: 'Bo' }],
    });
    await aTimeout(0);
    await expect(panel.element).to.be.accessible();
  });
});
