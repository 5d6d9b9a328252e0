import { strokes } from './icon.js';

/*
 * The strokes of the icons around the talk and the element, from Lucide (https://lucide.dev).
 * ISC License. Copyright (c) for portions of Lucide are held by Cole Bemis 2013-2022 as part of Feather (MIT). All other copyright
 * (c) for Lucide are held by Lucide Contributors 2022.
 */

export const arrowUp = strokes`<path d="m5 12 7-7 7 7" /><path d="M12 19V5" />`;

export const arrowDown = strokes`<path d="M12 5v14" /><path d="m19 12-7 7-7-7" />`;

/** A speech bubble: the talk. */
export const bubble = strokes`<path d="M2.992 16.342a2 2 0 0 1 .094 1.167l-1.065 3.29a1 1 0 0 0 1.236 1.168l3.413-.998a2 2 0 0 1 1.099.092 10 10 0 1 0-4.777-4.719" />`;

/** A brush: the board. */
export const brush = strokes`<path d="m11 10 3 3" /><path d="M6.5 21A3.5 3.5 0 1 0 3 17.5a2.62 2.62 0 0 1-.708 1.792A1 1 0 0 0 3 21z" /><path d="M9.969 17.031 21.378 5.624a1 1 0 0 0-3.002-3.002L6.967 14.031" />`;
