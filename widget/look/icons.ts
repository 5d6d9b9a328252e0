import { strokes } from './icon.js';

/*
 * The strokes of the icons around the talk and the element, from Lucide (https://lucide.dev).
 * ISC License. Copyright (c) for portions of Lucide are held by Cole Bemis 2013-2022 as part of
 * Feather (MIT). All other copyright (c) for Lucide are held by Lucide Contributors 2022.
 */

export const arrowUp = strokes`<path d="m5 12 7-7 7 7" /><path d="M12 19V5" />`;

export const arrowDown = strokes`<path d="M12 5v14" /><path d="m19 12-7 7-7-7" />`;

/** A speech bubble: the talk. */
export const bubble = strokes`<path d="M2.992 16.342a2 2 0 0 1 .094 1.167l-1.065 3.29a1 1 0 0 0 1.236 1.168l3.413-.998a2 2 0 0 1 1.099.092 10 10 0 1 0-4.777-4.719" />`;

/** A curve between two points: the board. */
export const curve = strokes`<circle cx="19" cy="5" r="2" /><circle cx="5" cy="19" r="2" /><path d="M5 17A12 12 0 0 1 17 5" />`;
