/** What `<chalk-talk>` takes in a template, for the typed tags of frameworks. */
import type { ChalkTalk } from '../element/chalk-talk.js';
import type { ChalkTalkEventMap } from '../element/events.js';

/** Attributes that are named as the property that they set. */
type SameName =
  'server' | 'site' | 'room' | 'token' | 'name' | 'mode' | 'open' | 'corner' | 'preconnect' | 'view' | 'theme' | 'lang';

/** Attributes, and the one property that is none. */
export interface ChalkTalkTag extends Partial<Pick<ChalkTalk, SameName>> {
  /** Where the page's own server signs tokens. */
  'token-url'?: string;
  /** Nothing can be written or drawn here, whatever the token allows. */
  readonly?: boolean;
  /** A property: gives a token, and a fresh one each time it is asked. */
  getToken?: ChalkTalk['getToken'];
}

/** Listeners as attributes: `onchalk-ready`. */
export type ChalkTalkListeners = {
  [Name in keyof ChalkTalkEventMap as `on${Name}`]?: (event: ChalkTalkEventMap[Name]) => void;
};
