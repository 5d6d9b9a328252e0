import { unsafeCSS } from 'lit';

/** Windows with no room for a page and a panel beside each other: the panel takes all of them. As a media query. */
export const FULL_SCREEN = '(max-width: 479.98px), (max-height: 479.98px)';

/** The same, to be written into styles. */
export const fullScreen = unsafeCSS(FULL_SCREEN);
