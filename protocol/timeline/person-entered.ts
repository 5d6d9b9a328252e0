import type { EventModule } from './event.js';
import type { Person } from './state.js';

/**
 * A person's first event in this room, or a new name: `by` is their index from here on. It comes
 * before what they did.
 */
export interface PersonEntered {
  readonly type: 'person.entered';
  readonly person: Person;
}

/** Whoever is behind it; nothing but what everyone may know of them. */
export function entered({ id, name, guest }: Person): PersonEntered {
  return { type: 'person.entered', person: guest ? { id, name, guest } : { id, name } };
}

export const personEntered: EventModule<PersonEntered> = {
  effects: (_, { by, person }) => [{ type: 'putPerson', index: by, person }],
};
