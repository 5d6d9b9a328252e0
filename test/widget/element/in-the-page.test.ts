import { expect, fixture, html, nextFrame } from '@open-wc/testing';
import { emulateMedia, sendKeys } from '@web/test-runner-commands';

import { define } from '../../../widget/element/define.js';
import { type Backend, startBackend } from '../../support/browser/backend.js';
import { chalkTalk, find, heard, inside, newRoom, next, place, reads, visitor, until } from './rooms.js';
import { stroke } from '../../support/strokes.js';

describe('the element in a page', () => {
  let backend: Backend;
  before(async () => {
    backend = await startBackend();
  });
  after(() => backend.close());
  afterEach(() => {
    document.documentElement.removeAttribute('style');
    document.documentElement.removeAttribute('lang');
  });

  const styleOf = (element: HTMLElement | undefined) => getComputedStyle(element ?? document.body);
  const isDark = (element: Element) => inside(element, '.frame.dark').length === 1;

  it('is 560 px high, fills its width, and can be hidden', async () => {
    const element = chalkTalk(backend, { room: newRoom(), name: 'X' });
    await place(element, 500);
    expect(element.offsetHeight).to.equal(560);
    expect(element.offsetWidth).to.equal(500);
    element.hide();
    expect(element.offsetHeight).to.equal(0);
    element.toggle();
    expect(element.offsetHeight).to.equal(560);
  });

  it('is defined once, however often its script runs', () => {
    const before = customElements.get('chalk-talk');
    define('https://elsewhere.example');
    expect(customElements.get('chalk-talk') === before).to.be.true;
  });

  it('keeps its session when it is moved in the page', async () => {
    const room = newRoom();
    const ada = await visitor(backend, 'ada', { room });
    const bo = await visitor(backend, 'bo', { room });
    const statuses = heard(ada, 'chalk-status');
    const presence = heard(bo, 'chalk-presence');
    const elsewhere = await fixture<HTMLElement>(html`<div></div>`);
    ada.remove();
    // Some pages take it away in one turn and put it back in another.
    await nextFrame();
    elsewhere.append(ada);
    bo.send('where are you?');
    await reads(ada, ['where are you?']);
    expect(statuses).to.deep.equal([]);
    expect(presence).to.deep.equal([]);
  });

  it('leaves the room when it is taken away', async () => {
    const room = newRoom();
    const ada = await visitor(backend, 'ada', { room });
    const presence = heard(ada, 'chalk-presence');
    const present = () =>
      presence
        .at(-1)
        ?.people.map(({ id }) => id)
        .join();
    const bo = await visitor(backend, 'bo', { room });
    await until(() => present() === 'ada,bo');
    bo.remove();
    await until(() => present() === 'ada');
  });

  it('works inside a shadow root and inside a modal dialog', async () => {
    const token = await backend.token({ person: 'ada', rooms: { '*': 'member' } });
    const host = await fixture<HTMLElement>(html`<div></div>`);
    const dialog = document.createElement('dialog');
    host.attachShadow({ mode: 'open' }).append(dialog);
    const element = chalkTalk(backend, { room: newRoom(), token, view: 'chat' });
    let path: readonly EventTarget[] = [];
    document.addEventListener('chalk-ready', event => void (path = event.composedPath()), { once: true });
    const ready = next(document, 'chalk-ready');
    dialog.append(element);
    dialog.showModal();
    await ready;
    expect(path[0] === element, 'events cross shadow roots').to.be.true;
    element.focus();
    await sendKeys({ type: 'from within' });
    await sendKeys({ press: 'Enter' });
    await reads(element, ['from within']);
    (await find(element, 'chalk-people')).shadowRoot?.querySelector('button')?.click();
    const list = await find(element, 'chalk-people-list');
    await until(() => list.shadowRoot?.textContent.includes('ada (you)'));
    await sendKeys({ press: 'Escape' });
    dialog.close();
  });

  it('never takes the focus unasked', async () => {
    const field = await fixture<HTMLInputElement>(html`<input aria-label="of the page" />`);
    field.focus();
    await visitor(backend, 'ada', { room: newRoom() });
    expect(document.activeElement === field).to.be.true;
  });

  it('keeps typed keys from the page’s shortcuts, but Escape and Tab', async () => {
    const ada = await visitor(backend, 'ada', { room: newRoom() });
    const keys: string[] = [];
    const listen = ({ key }: KeyboardEvent) => void keys.push(key);
    for (const type of ['keydown', 'keypress', 'keyup'] as const) document.addEventListener(type, listen);
    ada.focus();
    await sendKeys({ type: 't' });
    await sendKeys({ press: 'Enter' });
    await sendKeys({ press: 'Escape' });
    await sendKeys({ press: 'Tab' });
    for (const type of ['keydown', 'keypress', 'keyup'] as const) document.removeEventListener(type, listen);
    expect([...new Set(keys)]).to.deep.equal(['Escape', 'Tab']);
  });

  it('is not reached by the page’s styles, and reaches no others', async () => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`
      html { font-size: 62.5% }
      * { box-sizing: content-box; letter-spacing: 4px; text-transform: uppercase; font: italic 30px serif; line-height: 3 }
      button, input, textarea, p, h2 { color: red; background: yellow; border: 9px solid red; margin: 40px }`);
    const paragraph = await fixture<HTMLElement>(html`<p>of the page</p>`);
    const before = styleOf(paragraph).fontSize;
    const ada = await visitor(backend, 'ada', { room: newRoom() });
    ada.send('calm');
    await reads(ada, ['calm']);
    expect(styleOf(paragraph).fontSize).to.equal(before);
    const look = () =>
      ['.bubble', 'h2', 'textarea', '.send'].map(selector => {
        const style = styleOf(inside(ada, selector)[0]);
        const { fontSize, lineHeight, letterSpacing, textTransform, fontStyle, color, margin, boxSizing, width } =
          style;
        return { fontSize, lineHeight, letterSpacing, textTransform, fontStyle, color, margin, boxSizing, width };
      });
    const calm = look();
    document.adoptedStyleSheets.push(sheet);
    const hostile = look();
    document.adoptedStyleSheets.pop();
    expect(hostile).to.deep.equal(calm);
    expect(calm[0]?.fontSize).to.equal('14px');
  });

  it('stays hidden where the page hides what is around it', async () => {
    const ada = await visitor(backend, 'ada', { room: newRoom() });
    if (ada.parentElement) ada.parentElement.style.visibility = 'hidden';
    expect(styleOf(inside(ada, 'textarea')[0]).visibility).to.equal('hidden');
  });

  it('follows theme, page and system', async () => {
    const ada = await visitor(backend, 'ada', { room: newRoom() });
    expect(isDark(ada)).to.be.false;
    await emulateMedia({ colorScheme: 'dark' });
    await until(() => isDark(ada), 'the system, where the page says nothing');
    document.documentElement.style.colorScheme = 'light';
    await until(() => !isDark(ada), 'the page goes before the system');
    await emulateMedia({ colorScheme: 'light' });
    document.documentElement.style.colorScheme = 'dark';
    await until(() => isDark(ada), 'the page alone');
    ada.theme = 'light';
    await ada.updateComplete;
    expect(isDark(ada), 'the attribute goes before all').to.be.false;
    await expect(ada).to.be.accessible();
    ada.setAttribute('theme', 'dark');
    await ada.updateComplete;
    expect(isDark(ada)).to.be.true;
    await expect(ada).to.be.accessible();
  });

  it('follows language and direction', async () => {
    const ada = await visitor(backend, 'ada', { room: newRoom(), view: 'both', width: 900 });
    ada.send('own');
    await reads(ada, ['own']);
    const frame = inside(ada, '.frame')[0];
    const side = () => {
      const talk = inside(ada, '#talk')[0]?.getBoundingClientRect().left ?? 0;
      const bubble = inside(ada, '.bubble')[0]?.getBoundingClientRect();
      const list = inside(ada, '.lines')[0]?.getBoundingClientRect();
      return {
        talk: talk > 400 ? 'right' : 'left',
        own: (bubble?.left ?? 0) - (list?.left ?? 0) > 20 ? 'right' : 'left',
      };
    };
    expect(side()).to.deep.equal({ talk: 'right', own: 'right' });
    ada.dir = 'rtl';
    await until(() => frame?.dir === 'rtl');
    expect(side()).to.deep.equal({ talk: 'left', own: 'left' });
    ada.removeAttribute('dir');
    await until(() => frame?.dir === 'ltr');
    ada.lang = 'ar';
    await until(() => frame?.dir === 'rtl', 'its own language has a direction');
    ada.lang = '';
    document.documentElement.lang = 'en-GB';
    await until(() => frame?.lang === 'en-GB');
  });

  it('may be read only', async () => {
    const ada = await visitor(backend, 'ada', { room: newRoom() });
    ada.toggleAttribute('readonly', true);
    await ada.updateComplete;
    await find(ada, '.read-only');
    expect(() => ada.send('no')).to.throw();
    ada.readOnly = false;
    await find(ada, 'textarea');
  });
});

describe('the board beside the talk', () => {
  let backend: Backend;
  before(async () => {
    backend = await startBackend();
  });
  after(() => backend.close());
  beforeEach(() => localStorage.clear());

  const hidden = (element: Element, half: string) => inside(element, `#${half}`)[0]?.hidden;

  it('stands side by side where there is room, else behind tabs', async () => {
    const ada = await visitor(backend, 'ada', { room: newRoom(), view: 'both', width: 900 });
    await find(ada, 'chalk-sketch');
    expect([hidden(ada, 'board'), hidden(ada, 'talk')]).to.deep.equal([false, false]);
    expect(inside(ada, '[role=tablist]').length).to.equal(0);
    const sketch = inside(ada, 'chalk-sketch')[0];
    if (ada.parentElement) ada.parentElement.style.inlineSize = '380px';
    const tabs = await find(ada, '[role=tablist]');
    expect([hidden(ada, 'board'), hidden(ada, 'talk')]).to.deep.equal([true, false]);
    const below = tabs.getBoundingClientRect().top > (inside(ada, '#talk')[0]?.getBoundingClientRect().bottom ?? 0) - 1;
    expect(below, 'within the reach of a thumb').to.be.true;
    inside(ada, '#tab-talk')[0]?.focus();
    await sendKeys({ press: 'ArrowRight' });
    await ada.updateComplete;
    expect([hidden(ada, 'board'), hidden(ada, 'talk')]).to.deep.equal([false, true]);
    expect(inside(ada, '#tab-board')[0]?.matches(':focus')).to.be.true;
    expect(inside(ada, 'chalk-sketch')[0] === sketch, 'the board is the same').to.be.true;
    await expect(ada).to.be.accessible();
  });

  it('shows one half alone where the page says so', async () => {
    const ada = await visitor(backend, 'ada', { room: newRoom(), view: 'chat', width: 900 });
    expect([hidden(ada, 'board'), hidden(ada, 'talk')]).to.deep.equal([true, false]);
    expect(inside(ada, 'chalk-sketch').length, 'and loads no board for it').to.equal(0);
    ada.view = 'sketch';
    await find(ada, 'chalk-sketch');
    expect([hidden(ada, 'board'), hidden(ada, 'talk')]).to.deep.equal([false, true]);
  });

  it('has a divider that keys and pointers move, and that is remembered', async () => {
    const ada = await visitor(backend, 'ada', { room: newRoom(), view: 'both', width: 900 });
    const divider = await find(ada, '[role=separator]');
    const width = () => inside(ada, '#talk')[0]?.offsetWidth;
    divider.focus();
    await sendKeys({ press: 'ArrowLeft' });
    await ada.updateComplete;
    expect(width()).to.equal(350);
    await sendKeys({ press: 'End' });
    await ada.updateComplete;
    expect(width()).to.equal(380);
    expect(divider.getAttribute('aria-valuenow')).to.equal('380');
    const other = await visitor(backend, 'bo', { room: newRoom(), view: 'both', width: 900 });
    await other.updateComplete;
    expect(inside(other, '#talk')[0]?.offsetWidth).to.equal(380);
  });

  it('draws together, tells the page, and gives the drawing as a file', async () => {
    const room = newRoom();
    const ada = await visitor(backend, 'ada', { room, view: 'both', width: 900 });
    const bo = await visitor(backend, 'bo', { room });
    const drawn = new Promise<string[]>(resolve =>
      bo.addEventListener('chalk-sketch-change', ({ shapes }) => shapes.size > 0 && resolve([...shapes.keys()])),
    );
    const sketch = await find(ada, 'chalk-sketch');
    const shape = stroke({ id: 'abcdefgh', points: 'AAgBgB' });
    sketch.dispatchEvent(Object.assign(new Event('draw'), { shape }));
    expect(await drawn).to.deep.equal(['abcdefgh']);
    const svg = await ada.exportSketch('svg');
    expect(svg.type).to.contain('image/svg+xml');
    expect(await svg.text()).to.contain('<path');
    expect(await (await bo.exportSketch('svg')).text(), 'also where no board is in view').to.contain('<path');
  });

  it('does not render the element anew for every cursor', async () => {
    const room = newRoom();
    const ada = await visitor(backend, 'ada', { room, view: 'both', width: 900 });
    const bo = await visitor(backend, 'bo', { room, view: 'both', width: 900 });
    const sketch = await find(ada, 'chalk-sketch');
    // Nothing is sent while nobody is there to see it.
    await until(() => inside(ada, '.face').length === 2);
    const theirs = await find(bo, 'chalk-sketch');
    await bo.updateComplete;
    const requestUpdate = bo.requestUpdate.bind(bo);
    let updates = 0;
    bo.requestUpdate = (...about: Parameters<typeof requestUpdate>) => {
      updates += 1;
      requestUpdate(...about);
    };
    sketch.dispatchEvent(Object.assign(new Event('cursor'), { at: { x: 10, y: 20 } }));
    await until(() => {
      const peers = Reflect.get(theirs, 'peers') as readonly { self: boolean; cursor?: unknown }[];
      return peers.some(peer => !peer.self && peer.cursor);
    });
    expect(updates).to.equal(0);
  });
});
