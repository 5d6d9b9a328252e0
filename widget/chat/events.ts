/** What the talk tells whoever shows it. These events end at the panel: they do not bubble. */

/** A message is to be sent. Prevented, it stays in the composer. */
export class ChatSendEvent extends Event {
  constructor(readonly text: string) {
    super('chat-send', { cancelable: true });
  }
}

/** The person is writing, or has stopped. */
export class ChatTypingEvent extends Event {
  constructor(readonly is: boolean) {
    super('chat-typing');
  }
}

/** Older messages are wanted. */
export class ChatOlderEvent extends Event {
  constructor() {
    super('chat-older');
  }
}

/** A failed message is to be sent again. */
export class ChatRetryEvent extends Event {
  constructor(readonly key: string) {
    super('chat-retry');
  }
}

/** A failed message is to be forgotten. */
export class ChatDiscardEvent extends Event {
  constructor(readonly key: string) {
    super('chat-discard');
  }
}

/** The person has read as far as `seq`. */
export class ChatReadEvent extends Event {
  constructor(readonly seq: number) {
    super('chat-read');
  }
}
