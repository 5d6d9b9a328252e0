/**
 * Rooms for certain people alone. A room is private because no token names it but theirs: there is nothing to make or to lock.
 *
 *     const room = privateRoom(['ann', 'bo']);            // what the page says: <chalk-talk room="…">
 *     new SignJWT({ name, rooms: grantsOf('ann', chats) })  // what the token says
 */
import { createHash } from 'node:crypto';

/** The room of these people: the same for the same people, and no longer than a room's name may be. */
export function privateRoom(people) {
  const together = JSON.stringify([...new Set(people)].sort());
  return `private-${createHash('sha256').update(together).digest('hex').slice(0, 32)}`;
}

/**
 * The `rooms` of one person's token: the private rooms that they belong to, and no others.
 *
 * @param chats who talks with whom, as your database has it: [['ann', 'bo'], ['bo', 'cleo', 'dan']]
 */
export function grantsOf(person, chats) {
  return Object.fromEntries(
    chats.filter(people => people.includes(person)).map(people => [privateRoom(people), 'member']),
  );
}
