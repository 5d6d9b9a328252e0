import type { Catalogue } from '../words.js';

/** The words of the list of people. */
export const people = {
  people: { one: '{count} person here', other: '{count} people here' },
  someone: 'Someone',
  you: '{name} (you)',
  guest: 'guest',
  viewer: 'reads along',
  moderator: 'moderator',
  more: { one: 'and {count} more', other: 'and {count} more' },
} as const satisfies Catalogue;

export type PeopleKey = keyof typeof people;
