/**
 * `<chalk-talk>` in Vue's templates and JSX: `import type {} from 'chalk-talk/vue'`. Types only. Vue is told that the tag is no component of
 * its own by `compilerOptions.isCustomElement`.
 */
import type { HTMLAttributes, PublicProps } from 'vue';
import type {} from 'vue/jsx-runtime';

import type { ChalkTalk } from '../element/chalk-talk.js';
import type { ChalkTalkEventMap } from '../element/events.js';
import type { ChalkTalkTag } from './tag.js';

/**
 * Listeners as Vue names them in `h()` and JSX: `onChalk-ready`, which a template writes
 * `@chalk-ready`.
 */
type VueListeners = {
  [Name in keyof ChalkTalkEventMap as `on${Capitalize<Name>}`]?: (event: ChalkTalkEventMap[Name]) => void;
};

/** What `<chalk-talk>` takes in a template. */
export type ChalkTalkProps = Omit<HTMLAttributes, keyof ChalkTalkTag> & PublicProps & ChalkTalkTag & VueListeners;

/** The tag as Vue's tools see a component. */
export type ChalkTalkComponent = new () => ChalkTalk & {
  $props: ChalkTalkProps;
  $emit: <Name extends keyof ChalkTalkEventMap>(name: Name, event: ChalkTalkEventMap[Name]) => void;
};

declare module 'vue' {
  interface GlobalComponents {
    'chalk-talk': ChalkTalkComponent;
  }
}

declare module 'vue/jsx-runtime' {
  // eslint-disable-next-line @typescript-eslint/no-namespace -- it is where Vue keeps the tags of JSX
  namespace JSX {
    interface IntrinsicElements {
      'chalk-talk': ChalkTalkProps;
    }
  }
}
