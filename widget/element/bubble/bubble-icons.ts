import { strokes } from '../../look/icon.js';

/*
 * The strokes of the bubble's icons, from Lucide (https://lucide.dev). ISC License. Copyright (c)
 * for portions of Lucide are held by Cole Bemis 2013-2022 as part of Feather (MIT). All other
 * copyright (c) for Lucide are held by Lucide Contributors 2022.
 */

export const chevronDown = strokes`<path d="m6 9 6 6 6-6" />`;

export const cross = strokes`<path d="M18 6 6 18" /><path d="m6 6 12 12" />`;
