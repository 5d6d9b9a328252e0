import type { Catalogue } from '../words.js';

/** What a visitor reads of a diagnosis. */
export const diagnosis = {
  ok: 'Everything works from here.',
  setUp: 'Something on this page is not set up right. It is not your fault: whoever runs the page can mend it.',
  signIn: 'You could not be signed in here. Reload the page, or sign in on it once more.',
  forbidden: 'This room is not open to you. Ask whoever runs this page to let you in.',
  guests: 'Guests can’t come in here. If you have an account on this page, sign in and try again.',
  unreachable: 'The room can’t be reached just now. See whether you are online, and try again in a moment.',
  trouble: 'The room has a difficulty just now. What was said and drawn is kept. Try again in a moment.',
  blocked: 'Your network keeps the room from connecting. Try another network, or without browser extensions.',
  slow: 'It works, only a little slower than it could on this network.',
  reload: 'A newer version is here. Reload the page to go on.',
  clock: 'The clock of your device seems to be wrong. Set it right, so that you see the right times.',
} as const satisfies Catalogue;

export type DiagnosisKey = keyof typeof diagnosis;
