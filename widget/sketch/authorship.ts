import type { Person } from '../../protocol/timeline/state.js';
import { personColor } from '../look/person-color.js';
import type { SketchKey } from '../words/en/sketch.js';
import type { Say } from '../words/words.js';
import type { BoardShape } from './board-data.js';

/** Who drew something and when, in words, and the author's colour. */
export interface Authorship {
  readonly text: string;
  readonly color: string;
}

/**
 * @param author undefined where nobody knows any more
 * @param isOwn whether it is the one who reads this
 * @param now in ms since 1970: what was drawn on another day carries its date
 */
export function authorshipOf(
  shape: BoardShape,
  author: Person | undefined,
  { isOwn, now, lang, say }: { isOwn: boolean; now: number; lang: string; say: Say<SketchKey> },
): Authorship {
  const sameDay = new Date(shape.at).toDateString() === new Date(now).toDateString();
  const format = new Intl.DateTimeFormat(
    lang,
    sameDay ? { timeStyle: 'short' } : { dateStyle: 'medium', timeStyle: 'short' },
  );
  const time = format.format(shape.at);
  if (isOwn) return { text: say('drawnByYou', { time }), color: personColor(author?.id ?? '') };
  if (author === undefined) return { text: say('drawnBySomeone', { time }), color: 'var(--_muted)' };
  return { text: say('drawnBy', { name: author.name, time }), color: personColor(author.id) };
}
