/** `<chalk-talk>` in Svelte's templates: `import type {} from 'chalk-talk/svelte'`. Types only. */
import type { HTMLAttributes } from 'svelte/elements';

import type { ChalkTalk } from '../element/chalk-talk.js';
import type { ChalkTalkEventMap } from '../element/events.js';
import type { ChalkTalkListeners, ChalkTalkTag } from './tag.js';

/** Listeners as Svelte 4 writes them: `on:chalk-ready`. */
type Directives = {
  [Name in keyof ChalkTalkEventMap as `on:${Name}`]?: (event: ChalkTalkEventMap[Name]) => void;
};

/** What `<chalk-talk>` takes in a template. */
export interface ChalkTalkProps
  extends Omit<HTMLAttributes<ChalkTalk>, keyof ChalkTalkTag>, ChalkTalkTag, ChalkTalkListeners, Directives {}

declare module 'svelte/elements' {
  interface SvelteHTMLElements {
    'chalk-talk': ChalkTalkProps;
  }
}
