import type { Catalogue } from '../words.js';

/** The words of the element and the talk. */
export const main = {
  // The head of the element.
  talk: 'Talk',
  board: 'Board',
  talkUnread: { one: 'Talk, {count} unread message', other: 'Talk, {count} unread messages' },
  views: 'Talk or board',
  people: { one: '{count} person here', other: '{count} people here' },
  guest: 'guest',
  divider: 'Width of the talk',
  boardFailed: 'The board did not load.',
  partMissing: 'A part of this page did not load. Reload the page.',
  readOnly: 'You are reading along.',
  newer: 'A newer version is here: reload for everything',

  // The connection.
  connecting: 'Connecting…',
  connected: 'Connected again.',
  reconnecting: 'Reconnecting…',
  offline: 'You are offline.',
  waiting: { one: '{count} waiting to be sent', other: '{count} waiting to be sent' },
  waitingHere: {
    one: '{count} waiting to be sent: keep this page open.',
    other: '{count} waiting to be sent: keep this page open.',
  },

  // The talk.
  messages: 'Messages',
  emptyTitle: 'Nothing said yet',
  emptyText: 'Say hello: everyone in this room will see it.',
  emptyViewer: 'Messages will appear here.',
  newMessages: 'New',
  newBelow: { one: '{count} new', other: '{count} new' },
  newBelowLong: { one: 'Go to {count} new message', other: 'Go to {count} new messages' },
  toEnd: 'Go to the newest message',
  older: 'Older messages are loading',
  olderFailed: 'Older messages did not load.',
  someone: 'Someone',
  saidAt: '{name}, {time}:',
  sending: 'Sending',
  tryAgain: 'Try again',
  typingOne: '{name} is writing…',
  typingTwo: '{name} and {other} are writing…',
  typingMany: { other: '{count} people are writing…' },
  write: 'Write a message',
  send: 'Send',
  charactersLeft: { one: '{count} character left', other: '{count} characters left' },
  charactersOver: { one: '{count} character too many', other: '{count} characters too many' },
  heard: '{name}: {text}',
  notKept: 'That could not be kept.',
  heardMany: { one: '{count} new message', other: '{count} new messages' },
} as const satisfies Catalogue;

export type MainKey = keyof typeof main;
