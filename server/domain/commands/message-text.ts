import { RefusedError } from '../../../protocol/errors.js';

/** Half of a character: with the `u` flag a whole pair does not match. */
const LONE_SURROGATE = /[\ud800-\udfff]/u;

/** Line ends of other systems. */
const FOREIGN_LINE_END = /\r\n?/g;

/**
 * Every control character but tab and line feed: none can be seen, and some upset terminals, logs
 * and databases.
 */
// eslint-disable-next-line no-control-regex -- they are what this is about
const CONTROL = /[\0-\x08\x0b-\x1f\x7f-\x9f]/g;

/**
 * Something that can be seen: neither white space nor a character that is always drawn as nothing.
 */
const VISIBLE = /[^\s\p{Default_Ignorable_Code_Point}]/u;

/**
 * A message's text as it is kept: line ends are line feeds, control characters other than tab and
 * line feed are left out (they come along unseen when people paste, so refusing them would puzzle),
 * white space around it is cut.
 *
 * @returns the refusal `invalid_input` for text with half a surrogate pair, which no encoding could
 *   keep as it is, and `text_empty` where nothing would be seen.
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
