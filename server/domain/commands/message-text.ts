import { RefusedError } from '../../../protocol/errors.js';

/** Half of a surrogate pair. With the `u` flag a whole pair does not match. */
const LONE_SURROGATE = /[\ud800-\udfff]/u;

/** Line ends of other systems. */
const FOREIGN_LINE_END = /\r\n?/g;

/**
 * Control characters except tab and line feed: they are invisible, and some upset terminals, logs
 * and databases.
 */
// eslint-disable-next-line no-control-regex -- they are what this is about
const CONTROL = /[\0-\x08\x0b-\x1f\x7f-\x9f]/g;

/** A visible character: neither white space nor one that is always drawn as nothing. */
const VISIBLE = /[^\s\p{Default_Ignorable_Code_Point}]/u;

/**
 * Cleans up a message's text. Line ends become line feeds. Control characters other than tab and
 * line feed are removed: they come with pasted text unseen, so a refusal would puzzle people. White
 * space at both ends is trimmed.
 *
 * @returns the refusal `invalid_input` for half a surrogate pair, which no encoding could keep;
 *   `text_empty` where nothing visible is left
 */
export function messageText(sent: string): string | RefusedError {
  if (LONE_SURROGATE.test(sent)) {
    return new RefusedError('invalid_input', {
      message: 'The text has half a surrogate pair: it was cut inside a character.',
    });
  }
  const text = sent.replace(FOREIGN_LINE_END, '\n').replace(CONTROL, '').trim();
  return VISIBLE.test(text) ? text : new RefusedError('text_empty');
}
