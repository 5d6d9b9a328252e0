/** The tag as Svelte's tools see it: what is right compiles, what is wrong does not. */
import type { SvelteHTMLElements } from 'svelte/elements';

import type {} from 'chalk-talk/svelte';

type Props = SvelteHTMLElements['chalk-talk'];

export const right: Props = {
  class: 'room',
  site: 'acme',
  room: 'algebra-101',
  'token-url': '/chalk-token',
  lang: 'de',
  open: true,
  'onchalk-message': event => event.message.text.trim(),
  'on:chalk-error': event => event.code === 'room_forbidden',
};

export const wrong: readonly Props[] = [
  // @ts-expect-error there is no such mode
  { mode: 'popup' },
  // @ts-expect-error there is no such attribute
  { tokenUrl: '/chalk-token' },
  // @ts-expect-error this event has no such field
  { 'onchalk-message': event => event.title },
  // @ts-expect-error no refusal has such a code
  { 'on:chalk-error': event => event.code === 'because' },
];
