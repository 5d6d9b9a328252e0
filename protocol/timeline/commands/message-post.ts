import type { EventModule } from '../event.js';
import type { CommandModule } from './command.js';

/** Says something. */
export interface MessagePost {
  readonly type: 'message.post';
  readonly text: string;
}

export interface MessagePosted {
  readonly type: 'message.posted';
  readonly text: string;
}

export const messagePost: CommandModule<MessagePost> = {
  type: 'message.post',
  target: 'talk',
  reversal: 'none',
  independent: false,
  outcome: (_, { text }): readonly [MessagePosted] => [{ type: 'message.posted', text }],
};

export const messagePosted: EventModule<MessagePosted> = {
  effects: (_, { seq, by, at, text }) => [{ type: 'putMessage', message: { seq, by, at, text }, isNew: true }],
};
