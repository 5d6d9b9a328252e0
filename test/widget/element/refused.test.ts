import { expect } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';

import { RefusedError } from '../../../protocol/errors.js';
import { newCommandId } from '../../../protocol/names.js';
import type { ChalkTalk } from '../../../widget/element/chalk-talk.js';
import { indexedOutbox } from '../../../widget/session/indexed-outbox.js';
import { Outbox } from '../../../widget/session/outbox.js';
import { type Backend, startBackend } from '../../support/browser/backend.js';
import { stroke } from '../../support/strokes.js';
import { draw, post } from '../../support/commands.js';
import { consoleErrors, find, heard, inside, newRoom, texts, until, visitor } from './rooms.js';

describe('what was not taken', () => {
  let backend: Backend;
  before(async () => {
    backend = await startBackend();
  });
  after(() => backend.close());

  const notice = (element: ChalkTalk) => inside(element, '.notice')[0]?.textContent;
  const spoken = (element: ChalkTalk): string[] => {
    const said: string[] = [];
    const region = inside(element, '[role=status]')[0];
    if (region) new MutationObserver(() => said.push(region.textContent)).observe(region, { childList: true });
    return said;
  };
  const why = (element: ChalkTalk) => inside(element, 'chalk-failure').map(one => inside(one, '.why')[0]?.textContent);

  /** Does something while no outbox has room. */
  async function whileFull(doing: () => Promise<void>): Promise<void> {
    const add = Object.getOwnPropertyDescriptor(Outbox.prototype, 'add') ?? {};
    const full = (): never => {
      throw new RefusedError('outbox_full');
    };
    Object.defineProperty(Outbox.prototype, 'add', { ...add, value: full });
    try {
      await doing();
    } finally {
      Object.defineProperty(Outbox.prototype, 'add', add);
    }
  }

  it('is kept in the composer where the outbox is full, with a word to those who see and to those who hear', async () => {
    const ada = await visitor(backend, 'ada', { room: newRoom() });
    const said = spoken(ada);
    await whileFull(async () => {
      const errors = heard(ada, 'chalk-error');
      ada.focus();
      await consoleErrors(async () => {
        await sendKeys({ type: 'too much' });
        await sendKeys({ press: 'Enter' });
        await until(() => errors.length > 0);
      });
      const words = 'Not sent. Too much is waiting to be sent. Go on when you are connected again.';
      await until(() => notice(ada) === words, 'it is not shown');
      await until(() => said.includes(words), 'it is not said');
      expect(errors.map(({ code }) => code)).to.deep.equal(['outbox_full']);
      expect(((await find(ada, 'textarea')) as HTMLTextAreaElement).value).to.equal('too much');
      expect(ada.shadowRoot?.activeElement?.localName).to.equal('chalk-chat');
    });
  });

  it('says so of a stroke that the outbox has no room for', async () => {
    const ada = await visitor(backend, 'ada', { room: newRoom(), view: 'sketch' });
    const sketch = await find(ada, 'chalk-sketch');
    await whileFull(async () => {
      await consoleErrors(async () => {
        for (let count = 0; count < 3; count += 1) {
          sketch.dispatchEvent(Object.assign(new Event('draw'), { shape: stroke() }));
        }
        await until(() => notice(ada)?.startsWith('Too much is waiting'), 'it is not shown');
      });
    });
  });

  it('is shown for what it is when it waited for too long, and can be sent again', async () => {
    const room = newRoom();
    const kept = await indexedOutbox().open(
      { server: backend.url, site: 'acme', room, person: 'ada' },
      { inherited: () => {}, lastingChanged: () => {} },
    );
    const createdAt = Date.now() - 15 * 24 * 60 * 60_000;
    kept.put({ id: newCommandId(), body: post('from long ago'), createdAt });
    kept.put({ id: newCommandId(), body: draw(stroke()), createdAt });
    kept.close();
    let ada: ChalkTalk | undefined;
    await consoleErrors(async () => {
      ada = await visitor(backend, 'ada', { room });
      await until(() => ada && why(ada).length === 1, 'it is not shown');
    });
    if (!ada) throw new Error('Nobody came.');
    const element = ada;
    await until(() => why(element)[0] === 'Not sent. It waited here for more than two weeks.', 'not with its reason');
    await until(() => notice(element)?.includes('more than two weeks ago'), 'the drawing is not told of');
    expect(texts(element)).to.deep.equal(['from long ago']);
    inside(inside(element, 'chalk-failure')[0] ?? element, '[data-action=again]')[0]?.click();
    await until(() => inside(element, '.message.sent').length === 1, 'it is not sent');
    expect(texts(element)).to.deep.equal(['from long ago']);
    expect(why(element)).to.deep.equal([]);
  });
});
