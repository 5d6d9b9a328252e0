import { expect, fixture, html } from '@open-wc/testing';
import { emulateMedia, sendKeys, setViewport } from '@web/test-runner-commands';

import { type Backend, startBackend } from '../../support/browser/backend.js';
import { button, focused, openBubble, panel, placeBubble, press } from './bubbles.js';
import { find, inside, newRoom, reads, until, visitor } from './rooms.js';

const WIDE = { width: 1_000, height: 800 };
const PHONE = { width: 360, height: 700 };

describe('a bubble on a phone', () => {
  let backend: Backend;
  before(async () => {
    backend = await startBackend();
  });
  after(async () => {
    await setViewport(WIDE);
    await emulateMedia({ reducedMotion: 'no-preference' });
    await backend.close();
  });
  beforeEach(async () => {
    await setViewport(PHONE);
    // So that a place is where it will be.
    await emulateMedia({ reducedMotion: 'reduce' });
  });

  const isFocused = (element: Element, selector: string) => focused() === inside(element, selector)[0];

  it('takes the whole window, keeps the focus, and is closed in its head', async () => {
    const link = await fixture<HTMLElement>(html`<a href="#page">of the page</a>`);
    const element = await openBubble(backend);
    const { x, y, width, height } = panel(element).getBoundingClientRect();
    expect([x, y, width, height]).to.deep.equal([0, 0, PHONE.width, PHONE.height]);
    expect(panel(element).matches(':modal')).to.be.true;
    await until(() => isFocused(element, 'textarea'));
    await expect(element).to.be.accessible();
    const seen = new Set<Element | null>();
    for (let turn = 0; turn < 12; turn += 1) {
      await sendKeys({ press: 'Tab' });
      // At the end of the panel it is the browser's own controls that have the focus.
      if (document.activeElement !== document.body) seen.add(focused());
    }
    expect(seen.size, 'where it goes round').to.be.within(4, 11);
    expect(seen.has(link) || seen.has(await button(element)), 'the page behind rests').to.be.false;
    await press(await find(element, '.close'));
    expect([panel(element).open, element.open]).to.deep.equal([false, false]);
    expect(isFocused(element, '.round')).to.be.true;
    await press(await button(element));
    await until(() => isFocused(element, 'textarea'));
    await sendKeys({ press: 'Escape' });
    expect([panel(element).open, element.open]).to.deep.equal([false, false]);
    expect(isFocused(element, '.round')).to.be.true;
  });

  it('is beside the page again where the window grows, with the focus where it was', async () => {
    const element = await openBubble(backend);
    await until(() => isFocused(element, 'textarea'));
    await sendKeys({ type: 'on the way' });
    await setViewport(WIDE);
    await until(() => !panel(element).matches(':modal'));
    expect(panel(element).offsetWidth).to.equal(400);
    expect(isFocused(element, 'textarea')).to.be.true;
    await setViewport({ width: 800, height: 400 });
    await until(() => panel(element).matches(':modal'), 'a phone on its side');
    expect(isFocused(element, 'textarea')).to.be.true;
    expect((focused() as HTMLTextAreaElement).value).to.equal('on the way');
    expect([panel(element).open, element.open]).to.deep.equal([true, true]);
    await until(() => inside(element, '[role=tablist]').length === 0, 'there is room for both halves');
  });
});

describe('the look of a bubble', () => {
  let backend: Backend;
  before(async () => {
    backend = await startBackend();
    await setViewport(WIDE);
  });
  after(() => backend.close());

  const round = async (element: Element) => getComputedStyle(await button(element));

  it('is never larger than the window', async () => {
    await setViewport({ width: 500, height: 500 });
    const element = await openBubble(backend, { style: '--chalk-bubble-offset: 40px' });
    const place = panel(element).getBoundingClientRect();
    expect(
      [place.left, place.top].every(edge => edge >= 12),
      JSON.stringify(place),
    ).to.be.true;
    expect(innerWidth - place.right).to.equal(40);
    await setViewport(WIDE);
  });

  it('lies as far above the page, and from its edges, as the page says', async () => {
    const element = await placeBubble(backend, {
      style: '--chalk-bubble-z-index: 7; --chalk-bubble-offset: 30px; --chalk-bubble-offset-block: 50px',
    });
    const { right, bottom } = (await button(element)).getBoundingClientRect();
    expect([innerWidth - right, innerHeight - bottom]).to.deep.equal([30, 50]);
    expect(getComputedStyle(element).zIndex).to.equal('7');
    element.removeAttribute('style');
    expect(getComputedStyle(element).zIndex).to.equal('10000');
  });

  it('moves for a moment, and not at all for those who want it so', async () => {
    const durations = (element: Element) =>
      panel(element)
        .getAnimations()
        .map(({ effect }) => Number(effect?.getComputedTiming().duration));
    const open = async () => {
      const element = await placeBubble(backend);
      element.show();
      await element.updateComplete;
      await until(() => panel(element).open);
      return durations(element);
    };
    const [duration = 0] = await open();
    expect(duration).to.be.within(1, 150);
    await emulateMedia({ reducedMotion: 'reduce' });
    expect((await open()).every(each => each === 0)).to.be.true;
    await emulateMedia({ reducedMotion: 'no-preference' });
  });

  it('is dark where the page is', async () => {
    const element = await placeBubble(backend);
    const light = (await round(element)).backgroundColor;
    element.theme = 'dark';
    await element.updateComplete;
    await until(async () => (await round(element)).backgroundColor !== light);
    await expect(element).to.be.accessible();
  });

  it('is seen where colours are the system’s', async () => {
    const element = await placeBubble(backend);
    await emulateMedia({ forcedColors: 'active' });
    const { borderTopWidth, borderTopStyle } = await round(element);
    await emulateMedia({ forcedColors: 'none' });
    // Their own colours, backgrounds and shadows are gone then; a border gets a colour, even a
    // transparent one.
    expect([borderTopWidth, borderTopStyle]).to.deep.equal(['1px', 'solid']);
  });

  it('is not printed', async () => {
    const element = await openBubble(backend);
    await emulateMedia({ media: 'print' });
    const height = (await button(element)).offsetHeight;
    const printed = panel(element).offsetHeight;
    await emulateMedia({ media: 'screen' });
    expect([height, printed]).to.deep.equal([0, 0]);
  });

  it('is as it is whatever the page’s styles do', async () => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`
      html { font-size: 62.5% }
      * { box-sizing: content-box; letter-spacing: 4px; text-transform: uppercase; font: italic 30px serif; line-height: 3;
        position: relative; margin: 7px; padding: 9px; border: 3px dotted; float: left; text-align: end }
      chalk-talk { display: block; block-size: 560px; inline-size: 100%; min-block-size: 300px }
      button { color: red; background: yellow; border: 9px solid red; border-radius: 0; inline-size: 90px }`);
    const room = newRoom();
    const bo = await visitor(backend, 'bo', { room });
    const element = await openBubble(backend, { room });
    bo.send('calm');
    await reads(element, ['calm']);
    const look = () =>
      ['.round', 'dialog', '.close', '.frame', 'h2', '.bubble', 'textarea'].map(selector => {
        const part = inside(element, selector)[0] ?? document.body;
        const { x, y, width, height } = part.getBoundingClientRect();
        const { font, letterSpacing, textTransform, color, backgroundColor, border, margin, padding, float } =
          getComputedStyle(part);
        const style = { font, letterSpacing, textTransform, color, backgroundColor, border, margin, padding, float };
        return { selector, x, y, width, height, ...style };
      });
    const calm = look();
    document.adoptedStyleSheets.push(sheet);
    const hostile = look();
    const place = element.getBoundingClientRect();
    document.adoptedStyleSheets.pop();
    expect(hostile).to.deep.equal(calm);
    expect([place.width, place.height], 'it takes no place').to.deep.equal([0, 0]);
  });
});
