import { LIMITS } from '../../protocol/limits.js';

/**
 * What a name never needs: controls, bidi overrides, zero-width and other formatting, private use,
 * lone surrogates, blanks.
 */
const INVISIBLE = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\p{Co}\u115f\u1160\u2800\u3164\uffa0]/gu;

/**
 * Joiners where they join nothing: one holds an emoji family together, the other shapes a word in
 * Arabic script.
 */
const STRAY_JOINER =
  /(?<![\p{Extended_Pictographic}\p{Emoji_Modifier}\ufe0f])\u200d|\u200d(?!\p{Extended_Pictographic})|(?<!\p{sc=Arab})\u200c|\u200c(?!\p{sc=Arab})/gu;

/** More marks than any language puts on one character. */
const MARK_FLOOD = /(\p{M}{4})\p{M}+/gu;

/** Something to see that is not just a mark or a joiner. */
const VISIBLE = /[^\p{M}\p{Z}\u200c\u200d]/u;

/**
 * A name as it is shown to others: composed (NFC), on one line, without what would hide, reverse or
 * overflow. It never looks empty and never reaches beyond itself.
 *
 * @returns undefined where nothing is left of it.
 */
export function displayName(given: string): string | undefined {
  const name = given
    .normalize('NFC')
    .replace(/\s+/gu, ' ')
    .replace(INVISIBLE, '')
    .replace(STRAY_JOINER, '')
    .replace(MARK_FLOOD, '$1')
    .replace(/ {2,}/g, ' ')
    .trim();
  if (!VISIBLE.test(name)) return undefined;
  return [...name].reduce((kept, character) =>
    kept.length + character.length <= LIMITS.personName ? kept + character : kept,
  );
}
