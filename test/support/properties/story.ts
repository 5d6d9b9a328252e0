/**
 * What people do in a room, as cases of properties: deeds that name others by their place, so that
 * any part of a story is a story too.
 */
import fc from 'fast-check';

import type { StrokeForm } from '../../../protocol/shapes/stroke.js';
import type { AnyBody } from '../../../protocol/timeline/commands/index.js';
import type { Actor } from '../../../server/domain/decide.js';
import type { Command } from '../../../server/domain/room-turn.js';
import { actor } from '../rooms.js';
import { stroke } from '../strokes.js';
import { clear, draw, erase, isPost, keep, post, undo } from '../commands.js';
import { plainRecord } from './plain-record.js';

/** Four people; some of them come under another name or in another role as well. */
export const CAST = {
  ann: actor('Ann'),
  ben: actor('Ben'),
  mo: actor('Mo', 'moderator'),
  vic: actor('Vic', 'viewer'),
  'ann, renamed': { ...actor('Ann'), person: { id: 'ann', name: 'Anna' } },
  'ben, viewing': actor('Ben', 'viewer'),
  'ben, moderating': actor('Ben', 'moderator'),
} as const satisfies Record<string, Actor>;
export type Part = keyof typeof CAST;

export const part: fc.Arbitrary<Part> = fc.oneof(
  { withCrossShrink: true },
  { weight: 20, arbitrary: fc.constantFrom<Part>('ann', 'ben', 'mo') },
  { weight: 3, arbitrary: fc.constantFrom<Part>('vic', 'ann, renamed', 'ben, viewing', 'ben, moderating') },
);

/**
 * What somebody does. Shapes are named by number, from so few that people name the same ones;
 * commands by how far back they lie.
 */
export type Deed =
  | { readonly do: 'say'; readonly who: Part; readonly text: string }
  | { readonly do: 'draw'; readonly who: Part; readonly shape: number; readonly points: string }
  /** They vanish in the middle of a stroke, and the server keeps what it has. */
  | { readonly do: 'vanish'; readonly who: Part; readonly shape: number; readonly points: string }
  | { readonly do: 'erase'; readonly who: Part; readonly shapes: readonly number[] }
  | { readonly do: 'clear'; readonly who: Part }
  | { readonly do: 'undo'; readonly who: Part; readonly back: number; readonly whose: 'own' | 'any' }
  /** A command comes again: as it was, or its id with another body. */
  | { readonly do: 'again'; readonly back: number; readonly changed: boolean };

const shape = fc.nat({ max: 7 });
const back = fc.nat({ max: 8 });

/**
 * The first three each begin like the next, as a stroke does that grows; the others are no whole
 * points, and too far out.
 */
const points = fc.oneof(
  { withCrossShrink: true },
  { weight: 19, arbitrary: fc.constantFrom('AA', 'AAUK', 'AAUKVKAAAA') },
  { weight: 1, arbitrary: fc.constantFrom('A', '________B_______B') },
);
const text = fc.oneof(
  { withCrossShrink: true },
  { weight: 6, arbitrary: fc.constantFrom('hello', 'why?', ' so\r\nit is ') },
  { weight: 1, arbitrary: fc.constantFrom('', ' \u200b ', '\ud800') },
);

const sayDeed = plainRecord({ do: fc.constant('say' as const), who: part, text });
const drawDeed = plainRecord({ do: fc.constant('draw' as const), who: part, shape, points });
const vanishDeed = plainRecord({ do: fc.constant('vanish' as const), who: part, shape, points });
const eraseDeed = plainRecord({
  do: fc.constant('erase' as const),
  who: part,
  shapes: fc.array(shape, { minLength: 1, maxLength: 4 }),
});
const clearDeed = plainRecord({ do: fc.constant('clear' as const), who: part });
const undoDeed = plainRecord({
  do: fc.constant('undo' as const),
  who: part,
  back,
  whose: fc.constantFrom('own' as const, 'own' as const, 'own' as const, 'any' as const),
});
const againDeed = plainRecord({ do: fc.constant('again' as const), back, changed: fc.boolean() });

const deed: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 2, arbitrary: sayDeed },
  { weight: 6, arbitrary: drawDeed },
  { weight: 3, arbitrary: vanishDeed },
  { weight: 4, arbitrary: eraseDeed },
  { weight: 1, arbitrary: clearDeed },
  { weight: 6, arbitrary: undoDeed },
  { weight: 2, arbitrary: againDeed },
);

/** A story of up to so many deeds; most are long, since short ones go through little. */
export const story = (most: number): fc.Arbitrary<Deed[]> => fc.array(deed, { maxLength: most, size: 'max' });

/** A command with who gives it. */
export interface Given {
  readonly actor: Actor;
  readonly command: Command;
}

export const shapeId = (number: number): string => `shape${String(number).padStart(3, '0')}`;

export function strokeOf(number: number, drawn: string): StrokeForm {
  return stroke({ id: shapeId(number), points: drawn });
}

/** The commands of a whole story, in order. */
export function tellAll(deeds: readonly Deed[]): readonly Given[] {
  const story = new Story();
  return deeds.map(each => story.tell(each));
}

/** Makes commands of deeds, and remembers them. */
export class Story {
  readonly given: Given[] = [];

  /** The command that a deed is; it counts as given. */
  tell(deed: Deed): Given {
    const told = this.#toldBy(deed);
    this.given.push(told);
    return told;
  }

  #toldBy(deed: Deed): Given {
    if (deed.do !== 'again') return this.#give(CAST[deed.who], this.#bodyOf(deed));
    const earlier = this.given.at(-1 - (deed.back % Math.max(1, this.given.length)));
    if (!earlier) return this.#give(CAST.ann, post('nothing to say again'));
    if (!deed.changed) return earlier;
    return { ...earlier, command: { ...earlier.command, body: post('something else') } };
  }

  #give(by: Actor, body: AnyBody): Given {
    return { actor: by, command: { id: `command-${String(this.given.length).padStart(8, '0')}`, body } };
  }

  #bodyOf(deed: Exclude<Deed, { do: 'again' }>): AnyBody {
    switch (deed.do) {
      case 'say':
        return post(deed.text);
      case 'draw':
        return draw(strokeOf(deed.shape, deed.points));
      case 'vanish':
        return keep(strokeOf(deed.shape, deed.points));
      case 'erase':
        return erase(deed.shapes.map(shapeId));
      case 'clear':
        return clear();
      case 'undo': {
        const person = CAST[deed.who].person.id;
        const those = this.given.filter(({ actor: by, command }) => {
          return deed.whose === 'any' || (by.person.id === person && !isPost(command.body));
        });
        const target = those.at(-1 - (deed.back % Math.max(1, those.length)));
        return undo(target?.command.id ?? 'command-never-wa');
      }
    }
  }
}
