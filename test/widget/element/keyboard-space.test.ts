import { expect, fixture, html } from '@open-wc/testing';
import { LitElement, type TemplateResult } from 'lit';

import { KeyboardSpace, type Viewport } from '../../../widget/element/keyboard-space.js';
import { inside } from './rooms.js';

/** What is to be seen of the page, as the test says. */
class FakeViewport extends EventTarget implements Viewport {
  height = document.documentElement.clientHeight;
  offsetTop = 0;
  scale = 1;

  /** Something of it changed. */
  become(
    change: Partial<Pick<Viewport, 'height' | 'offsetTop' | 'scale'>>,
    type: 'resize' | 'scroll' = 'resize',
  ): void {
    Object.assign(this, change);
    this.dispatchEvent(new Event(type));
  }
}

/** A room as far as it concerns the keyboard. */
class FieldInFrame extends LitElement {
  updates = 0;

  protected override render(): TemplateResult {
    this.updates += 1;
    return html`<div class="frame" style="block-size: 100%"><input aria-label="field" /></div>`;
  }
}
customElements.define('field-in-frame', FieldInFrame);

describe('the space for a keyboard on the screen', () => {
  const KEYBOARD = 260;
  const full = () => document.documentElement.clientHeight;

  /** An element over the whole window, whose end is at its lower edge. */
  async function setUp(style = 'inset-block: 0') {
    const element = await fixture<FieldInFrame>(html`<field-in-frame></field-in-frame>`);
    element.setAttribute('style', `position: fixed; inset-inline: 0; ${style}`);
    const viewport = new FakeViewport();
    const space = new KeyboardSpace(element, viewport);
    const field = inside(element, 'input')[0];
    return { element, viewport, space, field };
  }

  it('is what the keyboard covers of the element while one writes in it, and none when it goes', async () => {
    const { element, viewport, space, field } = await setUp();
    field?.focus();
    const before = element.updates;
    viewport.become({ height: full() - KEYBOARD });
    expect(space.covered).to.equal(KEYBOARD);
    await element.updateComplete;
    expect(element.updates, 'it is rendered anew').to.equal(before + 1);
    viewport.become({}, 'scroll');
    await element.updateComplete;
    expect(element.updates, 'and not again for nothing').to.equal(before + 1);
    viewport.become({ height: full() });
    expect(space.covered).to.equal(0);
  });

  it('follows a page that was moved up over the keyboard', async () => {
    const { viewport, space, field } = await setUp();
    field?.focus();
    viewport.become({ height: full() - KEYBOARD });
    viewport.become({ offsetTop: 100 }, 'scroll');
    expect(space.covered).to.equal(KEYBOARD - 100);
  });

  it('is only what of the element lies under it, and never more than its half', async () => {
    const above = await setUp(`inset-block: 0 ${KEYBOARD - 40}px`);
    above.field?.focus();
    above.viewport.become({ height: full() - KEYBOARD });
    expect(above.space.covered).to.equal(40);
    const low = await setUp('inset-block-end: 0; block-size: 200px');
    low.field?.focus();
    low.viewport.become({ height: full() - KEYBOARD });
    expect(low.space.covered).to.equal(100);
  });

  it('is none for a keyboard that another field of the page has brought up', async () => {
    const { viewport, space } = await setUp();
    const other = await fixture<HTMLElement>(html`<input aria-label="of the page" />`);
    other.focus();
    viewport.become({ height: full() - KEYBOARD });
    expect(space.covered).to.equal(0);
  });

  it('is none where the window is a little shorter, or is looked at closely', async () => {
    const { viewport, space, field } = await setUp();
    field?.focus();
    viewport.become({ height: full() - 60 });
    expect(space.covered, 'a bar of the browser').to.equal(0);
    viewport.become({ height: full() / 2, scale: 2 });
    expect(space.covered, 'two fingers').to.equal(0);
  });

  it('is no longer measured when the element has left the page', async () => {
    const { element, viewport, space, field } = await setUp();
    field?.focus();
    viewport.become({ height: full() - KEYBOARD });
    const parent = element.parentElement;
    element.remove();
    viewport.become({ height: full() });
    expect(space.covered).to.equal(KEYBOARD);
    parent?.append(element);
    viewport.become({});
    expect(space.covered).to.equal(0);
  });
});
