import type { RefusalCode } from '../../protocol/errors.js';
import type { Person, Role } from '../../protocol/timeline/state.js';
import type { MessageView, ShapeView, Status } from '../session/index.js';

/** What the page around the element may listen to: all of it bubbles and crosses shadow roots. */
const PUBLIC: EventInit = { bubbles: true, composed: true };

/** The room is open and complete for the first time. */
export class ChalkReadyEvent extends Event {
  constructor(
    readonly room: string,
    readonly title: string,
    readonly role: Role,
  ) {
    super('chalk-ready', PUBLIC);
  }
}

/** The connection's state changed. */
export class ChalkStatusEvent extends Event {
  constructor(readonly status: Status) {
    super('chalk-status', PUBLIC);
  }
}

/** What went wrong: a refusal of the server, or a page that lacks what the element needs. */
export type ChalkErrorCode = RefusalCode | 'not_configured';

/** Something was refused or failed. */
export class ChalkErrorEvent extends Event {
  /** @param message one sentence for the page's author: what happened and what to do */
  constructor(
    readonly code: ChalkErrorCode,
    readonly message: string,
  ) {
    super('chalk-error', PUBLIC);
  }
}

/** A message arrived, from whomever. */
export class ChalkMessageEvent extends Event {
  constructor(readonly message: MessageView) {
    super('chalk-message', PUBLIC);
  }
}

/** A message is about to be sent; `preventDefault()` keeps it back. */
export class ChalkBeforeSendEvent extends Event {
  constructor(readonly text: string) {
    super('chalk-before-send', { ...PUBLIC, cancelable: true });
  }
}

/** The number of messages from others that were not read yet changed. */
export class ChalkUnreadEvent extends Event {
  constructor(readonly count: number) {
    super('chalk-unread', PUBLIC);
  }
}

/** Someone came or went. */
export class ChalkPresenceEvent extends Event {
  /** @param count how many are here: may be more than `people` lists */
  constructor(
    readonly people: readonly Person[],
    readonly count: number,
  ) {
    super('chalk-presence', PUBLIC);
  }
}

/** The board changed. */
export class ChalkSketchChangeEvent extends Event {
  constructor(readonly shapes: ReadonlyMap<string, ShapeView>) {
    super('chalk-sketch-change', PUBLIC);
  }
}

/** The panel of a bubble was opened, or closed. */
export class ChalkPanelEvent extends Event {
  constructor(readonly open: boolean) {
    super(open ? 'chalk-open' : 'chalk-close', PUBLIC);
  }
}

/** The element's events by their names. */
export interface ChalkTalkEventMap {
  'chalk-ready': ChalkReadyEvent;
  'chalk-status': ChalkStatusEvent;
  'chalk-error': ChalkErrorEvent;
  'chalk-message': ChalkMessageEvent;
  'chalk-before-send': ChalkBeforeSendEvent;
  'chalk-unread': ChalkUnreadEvent;
  'chalk-presence': ChalkPresenceEvent;
  'chalk-sketch-change': ChalkSketchChangeEvent;
  'chalk-open': ChalkPanelEvent;
  'chalk-close': ChalkPanelEvent;
}

declare global {
  // eslint-disable-next-line @typescript-eslint/no-empty-object-type -- adds to the page's map
  interface HTMLElementEventMap extends ChalkTalkEventMap {}
}
