import type { Catalogue } from '../words.js';

/** The words of the bubble. */
export const bubble = {
  panel: 'Chat and board',
  panelTalk: 'Chat',
  panelBoard: 'Board',
  open: 'Open chat and board',
  openTalk: 'Open chat',
  openBoard: 'Open board',
  withUnread: { one: '{name}, {count} unread message', other: '{name}, {count} unread messages' },
  close: 'Close chat and board',
  closeTalk: 'Close chat',
  closeBoard: 'Close board',
  came: 'New messages in the chat',
} as const satisfies Catalogue;

export type BubbleKey = keyof typeof bubble;
