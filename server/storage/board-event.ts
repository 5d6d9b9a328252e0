import type { TimelineEvent } from '../../protocol/timeline/events.js';
import { StorageError } from '../domain/storage.js';

/** What changes the shapes of a room. */
export type BoardEvent = Extract<
  TimelineEvent,
  { readonly type: 'shape.drawn' | 'shape.completed' | 'shapes.erased' | 'board.cleared' | 'command.undone' }
>;

/**
 * The rows must say what the state in memory said, or neither can be trusted.
 *
 * @param told of how many shapes the event speaks
 * @param found of how many rows that was true
 * @throws StorageError where they differ
 */
export function checkShapes({ type, seq }: BoardEvent, told: number, found: number): void {
  if (found === told) return;
  throw new StorageError(`Event ${seq}, ${type}, speaks of ${told} shapes; the rows have ${found}.`);
}
