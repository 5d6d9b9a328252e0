import type { Catalogue } from '../words.js';

/** The words for what was not taken. */
export const refused = {
  // A message, and what can be done with it.
  notSent: 'Not sent.',
  notSentWhy: 'Not sent. {reason}',
  sendAgain: 'Send again',
  copy: 'Copy',
  copied: 'Copied',
  selected: 'Text selected',
  discard: 'Delete',

  // Why.
  tooLong: 'It is too long.',
  readOnly: 'You may only read here now.',
  notLetIn: 'This room is no longer open to you.',
  signedOut: 'You have been signed out.',
  otherPerson: 'Someone else has signed in here.',
  lostOnTheWay: 'Something went wrong on the way.',
  tooMuch: 'That was too much at once. Try again in a moment.',
  messageExpired: 'It waited here for more than two weeks.',
  drawingExpired: 'What you drew more than two weeks ago, without a connection, was not sent.',
  outboxFull: 'Too much is waiting to be sent. Go on when you are connected again.',
  boardFull: 'The board is full. Erase something to go on.',
  strokeTooLong: 'That was too much for the board. It was not kept.',
  undoTooOld: 'That can no longer be undone.',
  notThere: 'That is no longer on the board.',
  notKept: 'That could not be kept.',
} as const satisfies Catalogue;

export type RefusedKey = keyof typeof refused;
