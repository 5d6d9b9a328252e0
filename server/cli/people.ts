import type { Command } from './command.js';
import { allow, listing, revoke } from './revocations.js';
import { END_OPTIONS, endIn } from './times.js';

/** People: `chalk-talk people …` */
export const PEOPLE_COMMANDS: readonly Command[] = [
  listing('person', { name: 'people list', about: 'list whom a site has revoked' }, 'Nobody is revoked there.'),
  {
    name: 'people revoke',
    operands: ['SITE', 'PERSON'],
    options: END_OPTIONS,
    about: "put a person (a token's `sub`) out of a site at once, and let them in no more",
    remote: true,
    // Async, since what is no time throws.
    run: async context =>
      revoke(context, 'person', endIn(context.given, context.now()), (person, end) => {
        return `${person} is revoked ${end === undefined ? 'for good' : `until ${end}`}: out at once, whatever token they come with.`;
      }),
  },
  {
    name: 'people allow',
    operands: ['SITE', 'PERSON'],
    about: 'take that back',
    remote: true,
    run: context => allow(context, 'person', 'may come in again, with a token that is good.'),
  },
];
