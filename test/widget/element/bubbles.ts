/** Bubbles in the test page. */
import { fixture, html } from '@open-wc/testing';
import { sendMouse } from '@web/test-runner-commands';

import type { ChalkTalk } from '../../../widget/element/chalk-talk.js';
import type { Backend } from '../../support/browser/backend.js';
import { chalkTalk, find, inside, newRoom, next } from './rooms.js';

/**
 * A bubble in the page, of Ada where the attributes say nothing else; resolves when its button is
 * there.
 */
export async function placeBubble(
  backend: Backend,
  attributes: Readonly<Record<string, string>> = {},
): Promise<ChalkTalk> {
  const token = await backend.token({ person: 'ada', name: 'ADA', rooms: { '*': 'member' } });
  const element = chalkTalk(backend, { mode: 'bubble', room: newRoom(), token, ...attributes });
  const parent = await fixture<HTMLElement>(html`<div></div>`);
  parent.append(element);
  await button(element);
  return element;
}

/** The same, opened by its button; resolves when the room is open too. */
export async function openBubble(
  backend: Backend,
  attributes: Readonly<Record<string, string>> = {},
): Promise<ChalkTalk> {
  const element = await placeBubble(backend, attributes);
  const ready = next(element, 'chalk-ready');
  await press(await button(element));
  await ready;
  return element;
}

export const button = (element: Element): Promise<HTMLElement> => find(element, '.round');

/** The panel, whether it is open or not. */
export function panel(element: Element): HTMLDialogElement {
  const [dialog] = inside(element, 'dialog');
  if (!(dialog instanceof HTMLDialogElement)) throw new Error('There is no panel');
  return dialog;
}

/** The name by which a screen reader knows the button. */
export const nameOf = async (element: Element): Promise<string | null> => (await button(element)).ariaLabel;

/** What the badge says; undefined where there is none. */
export const badge = (element: Element): string | undefined => inside(element, '.round .badge')[0]?.textContent;

/** A click by the mouse in the middle of it. */
export async function press(target: Element): Promise<void> {
  const { left, top, width, height } = target.getBoundingClientRect();
  await sendMouse({ type: 'click', position: [Math.round(left + width / 2), Math.round(top + height / 2)] });
}

/** What has the focus, through every shadow root. */
export function focused(): Element | null {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  return element;
}
