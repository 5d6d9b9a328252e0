import { html, type TemplateResult } from 'lit';
import type { Person } from '../../protocol/timeline/state.js';
import type {
  ChatDiscardEvent,
  ChatReadEvent,
  ChatRetryEvent,
  ChatSendEvent,
  ChatTypingEvent,
} from '../chat/events.js';
import { RefusedError, type RefusalCode, type RoomSession } from '../session/index.js';
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
  /** Something was refused before it left. */
  failed(code: RefusalCode, message: string): void;
}

const NOT_LOADED = { loaded: false, more: false, loading: false };

/** The talk of a room: the session's values down, the panel's wishes up. */
export function talkView(session: RoomSession | undefined, setting: TalkSetting): TemplateResult {
  const { language, canWrite, typing } = setting;
  const failed = (error: unknown): void => {
    if (!(error instanceof RefusedError)) throw error;
    setting.failed(error.code, error.message);
  };
  const send = (event: ChatSendEvent): void => {
    try {
      if (setting.send(event.text) === undefined) event.preventDefault();
    } catch (error) {
      event.preventDefault();
      failed(error);
    }
  };
  // Refused or out of reach: the panel sees that nothing came.
  const older = (): void => void session?.loadHistory().catch(failed);
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
    @chat-retry=${({ key }: ChatRetryEvent) => session?.retry(key)}
    @chat-discard=${({ key }: ChatDiscardEvent) => session?.discard(key)}
  ></chalk-chat>`;
}
