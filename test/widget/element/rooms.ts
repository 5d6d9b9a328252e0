/** Elements in the test page, in rooms of the real backend. */
import { fixture, html } from '@open-wc/testing';

import type { ChalkTalk } from '../../../widget/element/chalk-talk.js';
import type { View } from '../../../widget/element/halves.js';
import type { ChalkTalkEventMap } from '../../../widget/element/events.js';
import type { Backend } from '../../support/browser/backend.js';
import { waitUntil } from '../../support/browser/wait-until.js';
import '../../../widget/index.js';

type Attributes = Readonly<Record<string, string>>;

/** An element that is not in the page yet, for `server` and `site` of a backend. */
export function chalkTalk(backend: Backend, attributes: Attributes): ChalkTalk {
  const element = document.createElement('chalk-talk');
  const all = { server: backend.url, site: 'acme', ...attributes };
  for (const [name, value] of Object.entries(all)) element.setAttribute(name, value);
  return element;
}

/** An element in the page, as wide as asked for; it is taken away after the test. */
export async function place(element: HTMLElement, width = 400): Promise<HTMLElement> {
  const parent = await fixture<HTMLElement>(html`<div></div>`);
  // In view, wherever the ones before stand.
  Object.assign(parent.style, { position: 'fixed', insetBlockStart: '0', inlineSize: `${width}px` });
  parent.append(element);
  return parent;
}

/** Somebody in a room, through an element of their own. */
export async function visitor(
  backend: Backend,
  person: string,
  { role = 'member', width = 400, room, view = 'chat' }: VisitorOptions,
): Promise<ChalkTalk> {
  const token = await backend.token({ person, name: person.toUpperCase(), rooms: { '*': role } });
  const element = chalkTalk(backend, { token, room, view });
  const ready = next(element, 'chalk-ready');
  await place(element, width);
  await ready;
  return element;
}

export interface VisitorOptions {
  readonly room: string;
  /** Default `chat`. */
  readonly view?: View;
  /** Default `member`. */
  readonly role?: 'viewer' | 'member' | 'moderator';
  /** Of the element, in px; default 400. */
  readonly width?: number;
}

/** The next event of a type. */
export function next<Type extends keyof ChalkTalkEventMap>(
  target: EventTarget,
  type: Type,
): Promise<ChalkTalkEventMap[Type]> {
  return new Promise(resolve =>
    target.addEventListener(type, event => resolve(event as ChalkTalkEventMap[Type]), { once: true }),
  );
}

/** All elements inside, through every shadow root, that a selector matches. */
export function inside(root: Element, selector: string): HTMLElement[] {
  const shadow = root.shadowRoot;
  if (!shadow) return [];
  const here = [...shadow.querySelectorAll<HTMLElement>(selector)];
  return [...here, ...[...shadow.querySelectorAll('*')].flatMap(child => inside(child, selector))];
}

/** The one element inside that a selector matches, as soon as there is one. */
export async function find(root: Element, selector: string): Promise<HTMLElement> {
  let found: HTMLElement | undefined;
  await waitUntil(() => (found = inside(root, selector)[0]), `there is no ${selector}`, {
    timeout: 8_000,
    interval: 10,
  });
  return found ?? document.createElement('div');
}

/** The texts of the talk. */
export function texts(element: Element): string[] {
  return inside(element, '.bubble').map(bubble => bubble.textContent);
}

/** Resolves once the talk ends in these texts. */
export async function reads(element: Element, wanted: readonly string[]): Promise<void> {
  const end = () => texts(element).slice(-wanted.length).join('\n');
  await until(() => end() === wanted.join('\n'), `the talk does not end in ${wanted.join(', ')}`);
}

/** Waits for something that others do. */
export async function until(holds: () => unknown, what = ''): Promise<void> {
  await waitUntil(holds, what, { timeout: 8_000, interval: 10 });
}

/** Collects events of a type. */
export function heard<Type extends keyof ChalkTalkEventMap>(
  target: EventTarget,
  type: Type,
): ChalkTalkEventMap[Type][] {
  const events: ChalkTalkEventMap[Type][] = [];
  target.addEventListener(type, event => events.push(event as ChalkTalkEventMap[Type]));
  return events;
}

/** What the console was told as errors while something was done. */
export async function consoleErrors(doing: () => Promise<void>): Promise<string[]> {
  const told: string[] = [];
  const { error } = console;
  console.error = (...words: unknown[]) => told.push(words.join(' '));
  try {
    await doing();
  } finally {
    console.error = error;
  }
  return told;
}

/** A name for a room that no other test uses. */
export function newRoom(prefix = 'room'): string {
  return `${prefix}-${Math.random().toString(36).slice(2, 10)}`;
}
