/** `<chalk-talk>` in the JSX of React 19: `import type {} from 'chalk-talk/react'`. Types only. */
import type { DetailedHTMLProps, HTMLAttributes } from 'react';

import type { ChalkTalk } from '../element/chalk-talk.js';
import type { ChalkTalkListeners, ChalkTalkTag } from './tag.js';

/**
 * What `<chalk-talk>` takes in JSX: React 19 sets `getToken` as a property and listens by
 * `onchalk-…`.
 */
export type ChalkTalkProps = Omit<DetailedHTMLProps<HTMLAttributes<ChalkTalk>, ChalkTalk>, keyof ChalkTalkTag> &
  ChalkTalkTag &
  ChalkTalkListeners;

declare module 'react' {
  // eslint-disable-next-line @typescript-eslint/no-namespace -- it is where React keeps the tags of JSX
  namespace JSX {
    interface IntrinsicElements {
      'chalk-talk': ChalkTalkProps;
    }
  }
}
