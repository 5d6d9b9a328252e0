/** The script that a page embeds: registers `<chalk-talk>`. */
import { define } from './element/define.js';

export type { ChalkTalk } from './element/chalk-talk.js';
export type { GetToken, TokenWish } from './element/entrance.js';
export type * from './element/events.js';

define(new URL(import.meta.url).origin);
