import type { Catalogue } from '../words.js';

/** The words at the door of a room. */
export const gate = {
  // Coming in.
  welcome: 'Join {room}',
  welcomeText: 'What should people here call you?',
  name: 'Your name',
  join: 'Join',
  tryAgain: 'Try again',
  reload: 'Reload the page',

  // Not let in.
  setUpTitle: 'This room can’t be opened here',
  setUpText: 'Something on this page is not set up right. Whoever runs it finds the reason in the browser’s console.',
  endedTitle: 'You have been signed out',
  endedText: 'Reload the page to come back in. What you sent was kept.',
  guestsTitle: 'Guests can’t come in here',
  guestsText: 'If you have an account on this page, sign in and try again.',
  forbiddenTitle: 'This room is not open to you',
  forbiddenText: 'Ask whoever runs this page to let you in.',
  fullTitle: 'This room is full',
  fullText: 'Try again in a little while.',
  crowdedTitle: 'Too many at once',
  crowdedText: 'This page is open too often, or very many people are here. Close other tabs, and try again.',
  outdatedTitle: 'A newer version is here',
  outdatedText: 'Reload the page to go on.',
  troubleTitle: 'This did not work',
  troubleText: 'It is not your fault, and nothing that was said or drawn is lost. Try again in a moment.',
} as const satisfies Catalogue;

export type GateKey = keyof typeof gate;
