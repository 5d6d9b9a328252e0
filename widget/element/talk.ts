import { html, type TemplateResult } from 'lit';
import type { Person } from '../../protocol/timeline/state.js';
import type {
  ChatDiscardEvent,
  ChatReadEvent,
  ChatRetryEvent,
  ChatSendEvent,
  ChatTypingEvent,
} from '../chat/events.js';
import { type Refusal, RefusedError, type RoomSession } from '../session/index.js';
import type { Language } from '../words/languages.js';

/** What the talk is shown with besides the room. */
export interface TalkSetting {
  readonly language: Language;
  readonly canWrite: boolean;
  readonly typing: readonly Person[];
  /** Posts; undefined where the page kept it back. */
  send(text: string): string | undefined;
  /** The visitor has read so far. */
  read(seq: number): void;
  /** A message was refused before it left; its text is where it was. */
  refused(refusal: Refusal): void;
  /** Something else was refused. */
  failed(refusal: Refusal): void;
}

const NOT_LOADED = { loaded: false, more: false, loading: false };

/** The talk of a room: the session's values down, the panel's wishes up. */
export function talkView(session: RoomSession | undefined, setting: TalkSetting): TemplateResult {
  const { language, canWrite, typing } = setting;
  /** Whether it was not refused. */
  const goes = (act: () => unknown): boolean => {
    try {
      return act() !== false;
    } catch (error) {
      setting.refused(refusalOf(error));
      return false;
    }
  };
  const send = (event: ChatSendEvent): void => {
    if (!goes(() => setting.send(event.text) !== undefined)) event.preventDefault();
  };
  // Refused or out of reach: the panel sees that nothing came.
  const older = (): void => void session?.loadHistory().catch((error: unknown) => setting.failed(refusalOf(error)));
  return html`<chalk-chat
    .messages=${session?.messages ?? []}
    .history=${session?.history ?? NOT_LOADED}
    .readOnArrival=${session?.readOnArrival ?? 0}
    .typing=${typing}
    .canWrite=${canWrite}
    .draftKey=${session ? `chalk-talk:draft:${session.site}:${session.room}` : ''}
    .language=${language}
    @chat-send=${send}
    @chat-read=${({ seq }: ChatReadEvent) => setting.read(seq)}
    @chat-typing=${({ is }: ChatTypingEvent) => session?.typing(is)}
    @chat-older=${older}
    @chat-retry=${({ key }: ChatRetryEvent) => goes(() => session?.retry(key))}
    @chat-discard=${({ key }: ChatDiscardEvent) => session?.discard(key)}
  ></chalk-chat>`;
}

/** @throws what it is given, where that is no refusal */
function refusalOf(error: unknown): Refusal {
  if (error instanceof RefusedError) return error.toRefusal();
  throw error;
}
