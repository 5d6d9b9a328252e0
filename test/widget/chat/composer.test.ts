import { expect } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';

import { LIMITS } from '../../../protocol/limits.js';
import { ChatSendEvent, ChatTypingEvent } from '../../../widget/chat/events.js';
import { messages } from './messages.js';
import { frame, openPanel, type Panel } from './panel.js';

/** Writes a text at once, as pasting does. */
async function write(panel: Panel, text: string): Promise<void> {
  panel.field.value = text;
  panel.field.dispatchEvent(new InputEvent('input', { bubbles: true }));
  await panel.composer.updateComplete;
}

function sent(panel: Panel): string[] {
  const texts: string[] = [];
  panel.element.addEventListener('chat-send', event => event instanceof ChatSendEvent && texts.push(event.text));
  return texts;
}

describe('the composer', () => {
  beforeEach(() => sessionStorage.clear());

  it('sends by Enter and breaks the line by Shift and Enter', async () => {
    const panel = await openPanel();
    const texts = sent(panel);
    panel.element.focus();
    await sendKeys({ type: 'one' });
    await sendKeys({ down: 'Shift' });
    await sendKeys({ press: 'Enter' });
    await sendKeys({ up: 'Shift' });
    await sendKeys({ type: 'two' });
    expect(texts).to.deep.equal([]);
    await sendKeys({ press: 'Enter' });
    expect(texts).to.deep.equal(['one\ntwo']);
    await panel.composer.updateComplete;
    expect(panel.field.value).to.equal('');
  });

  it('does not send what is still being composed', async () => {
    const panel = await openPanel();
    const texts = sent(panel);
    await write(panel, 'にほん');
    const enter = { key: 'Enter', bubbles: true, cancelable: true, composed: true };
    panel.field.dispatchEvent(new KeyboardEvent('keydown', { ...enter, isComposing: true }));
    panel.field.dispatchEvent(new KeyboardEvent('keydown', { ...enter, keyCode: 229 }));
    expect(texts).to.deep.equal([]);
    panel.field.dispatchEvent(new KeyboardEvent('keydown', enter));
    expect(texts).to.deep.equal(['にほん']);
  });

  it('keeps the text where sending was prevented', async () => {
    const panel = await openPanel();
    panel.element.addEventListener('chat-send', event => event.preventDefault());
    await write(panel, 'not yet');
    panel.composer.renderRoot.querySelector<HTMLElement>('.send')?.click();
    await panel.composer.updateComplete;
    expect(panel.field.value).to.equal('not yet');
  });

  it('sends nothing empty and nothing too long, and says how much is too much', async () => {
    const panel = await openPanel();
    const texts = sent(panel);
    const left = () => panel.composer.renderRoot.querySelector('.left')?.textContent.trim();
    const button = () => panel.composer.renderRoot.querySelector<HTMLButtonElement>('.send');
    await write(panel, ' \n ');
    expect(button()?.disabled).to.be.true;
    await write(panel, 'x'.repeat(LIMITS.messageText - 300));
    expect(left()).to.equal('');
    await write(panel, 'x'.repeat(LIMITS.messageText - 10));
    expect(left()).to.equal('10 characters left');
    await write(panel, 'x'.repeat(LIMITS.messageText + 1));
    expect(left()).to.equal('1 character too many');
    expect(button()?.disabled).to.be.true;
    panel.field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', cancelable: true }));
    expect(texts).to.deep.equal([]);
  });

  it('grows to six lines and no further, and back', async () => {
    const panel = await openPanel();
    const one = panel.field.offsetHeight;
    await write(panel, 'a\nb\nc');
    expect(panel.field.offsetHeight).to.equal(one + 40);
    await write(panel, 'a\n'.repeat(20));
    expect(panel.field.offsetHeight).to.equal(one + 100);
    await write(panel, '');
    expect(panel.field.offsetHeight).to.equal(one);
  });

  it('moves the end of the talk along, and nothing else', async () => {
    const panel = await openPanel({ messages: messages(1, 30) });
    await frame();
    for (const text of ['a', 'a\nb\nc\nd', 'a\nb\nc\nd\ne', 'a\nb\nc\nde', 'a']) {
      await write(panel, text);
      await frame();
      await frame();
      expect(panel.fromEnd, text).to.be.below(2);
    }
  });

  it('keeps a draft for each room over a reload, until it is sent', async () => {
    const first = await openPanel({ draftKey: 'room one' });
    await write(first, 'half a thought');
    const second = await openPanel({ draftKey: 'room one' });
    expect(second.field.value).to.equal('half a thought');
    await second.set({ draftKey: 'room two' });
    await second.composer.updateComplete;
    expect(second.field.value).to.equal('');
    await second.set({ draftKey: 'room one' });
    await second.composer.updateComplete;
    second.field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', cancelable: true }));
    expect((await openPanel({ draftKey: 'room one' })).field.value).to.equal('');
  });

  it('tells that the person is writing and that they have stopped', async () => {
    const panel = await openPanel();
    const told: boolean[] = [];
    panel.element.addEventListener('chat-typing', event => event instanceof ChatTypingEvent && told.push(event.is));
    await write(panel, 'a');
    await write(panel, '');
    await write(panel, 'b');
    panel.field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', cancelable: true }));
    expect(told).to.deep.equal([true, false, true, false]);
  });

  it('gives way to a line of words where one may only read', async () => {
    const panel = await openPanel({ canWrite: false });
    expect(panel.element.renderRoot.querySelector('chalk-composer')).to.be.null;
    expect(panel.element.renderRoot.querySelector('.read-only')?.textContent).to.equal('You are reading along.');
  });
});
