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

export const alert = strokes`<circle cx="12" cy="12" r="10" /><path d="M12 8v4" /><path d="M12 16h.01" />`;

/** A closed door: not let in. */
export const door = strokes`<path d="M19 21V5a2 2 0 0 0-2-2H7a2 2 0 0 0-2 2v16" /><path d="M2 21h20" /><path d="M9 12h.01" />`;

/** A hand that waves: welcome. */
export const wave = strokes`<path d="M18 11V6a2 2 0 0 0-2-2a2 2 0 0 0-2 2" /><path d="M14 10V4a2 2 0 0 0-2-2a2 2 0 0 0-2 2v2" /><path d="M10 10.5V6a2 2 0 0 0-2-2a2 2 0 0 0-2 2v8" /><path d="M18 8a2 2 0 1 1 4 0v6a8 8 0 0 1-8 8h-2c-2.8 0-4.5-.86-5.99-2.34l-3.6-3.6a2 2 0 0 1 2.83-2.82L7 15" />`;
