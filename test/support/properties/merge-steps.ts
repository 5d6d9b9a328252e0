/** What people do and what the network does to them, as cases of properties of the merge. */
import fc from 'fast-check';

import { plainRecord } from './plain-record.js';
import { CAST } from './story.js';

/** Who is there; Ann with two tabs of one browser. */
export const PAGES = [
  { actor: CAST.ann, device: 'hers' },
  { actor: CAST.ann, device: 'hers' },
  { actor: CAST.ben, device: 'his' },
  { actor: CAST.mo, device: 'theirs' },
  { actor: CAST.vic, device: 'another' },
] as const;

/** Letters, shapes on the screen and events are named by their place. */
export type Step =
  | { readonly do: 'say' | 'clear' | 'undo' | 'redo' | 'connect' | 'cut'; readonly page: number }
  /** `vanish`: the server keeps the beginning of a stroke for them. */
  | { readonly do: 'draw' | 'vanish'; readonly page: number; readonly shape: number }
  | { readonly do: 'erase' | 'carry' | 'lose' | 'double'; readonly page: number; readonly place: number }
  | { readonly do: 'reload'; readonly page: number; readonly isTold: boolean }
  | { readonly do: 'wait'; readonly page: number; readonly ms: number }
  /** All that is on its way arrives, in order. */
  | { readonly do: 'calm' }
  /** The server takes what has arrived, or puts it off. */
  | { readonly do: 'turn' | 'fail' }
  | { readonly do: 'restore'; readonly place: number };

/** Much happens to one of them, so that what takes several steps in a row comes about. */
const page = fc.oneof(
  { withCrossShrink: true },
  { weight: 1, arbitrary: fc.nat({ max: PAGES.length - 1 }) },
  { weight: 2, arbitrary: fc.constant(2) },
);
const place = fc.nat({ max: 6 });
const shape = fc.nat({ max: 5 });
const one = <Kind extends string>(...kinds: readonly Kind[]): fc.Arbitrary<Kind> => fc.constantFrom(...kinds);

/** What people do. */
const WORK: readonly fc.WeightedArbitrary<Step>[] = [
  { weight: 5, arbitrary: plainRecord({ do: one('say'), page }) },
  { weight: 6, arbitrary: plainRecord({ do: one('draw'), page, shape }) },
  { weight: 2, arbitrary: plainRecord({ do: one('vanish'), page, shape }) },
  { weight: 3, arbitrary: plainRecord({ do: one('erase'), page, place }) },
  { weight: 1, arbitrary: plainRecord({ do: one('clear'), page }) },
  { weight: 5, arbitrary: plainRecord({ do: one('undo', 'undo', 'redo'), page }) },
];

/** What becomes of what is on its way, and of those who wait for it. */
const WEATHER: readonly fc.WeightedArbitrary<Step>[] = [
  {
    weight: 16,
    arbitrary: plainRecord({ do: one('carry', 'carry', 'carry', 'carry', 'lose', 'double'), page, place }),
  },
  { weight: 8, arbitrary: plainRecord({ do: one('turn', 'turn', 'turn', 'turn', 'fail') }) },
  { weight: 2, arbitrary: plainRecord({ do: one('calm') }) },
  { weight: 4, arbitrary: plainRecord({ do: one('connect', 'connect', 'cut'), page }) },
  { weight: 1, arbitrary: plainRecord({ do: one('reload'), page, isTold: fc.boolean() }) },
  { weight: 3, arbitrary: plainRecord({ do: one('wait'), page, ms: fc.constantFrom(100, 600, 3_000, 12_000) }) },
];

const RESTORING: fc.WeightedArbitrary<Step> = {
  weight: 2,
  arbitrary: plainRecord({ do: one('restore'), place: fc.nat({ max: 30 }) }),
};

/** Up to so many steps, under one epoch. */
export const steps = (most: number): fc.Arbitrary<Step[]> =>
  fc.array(fc.oneof(...WORK, ...WEATHER), { maxLength: most, size: 'max' });

/** The same, with a server that is set back now and then. */
export const stepsWithRestores = (most: number): fc.Arbitrary<Step[]> =>
  fc.array(fc.oneof(...WORK, ...WEATHER, RESTORING), { maxLength: most, size: 'max' });

/** See ServerSizes; so small that stories are longer. */
export const sizes = plainRecord({ page: fc.integer({ min: 1, max: 6 }), far: fc.integer({ min: 1, max: 30 }) });
