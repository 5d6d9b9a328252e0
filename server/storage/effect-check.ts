import { StorageError } from '../domain/storage.js';

/**
 * The rows must say what the state in memory said, or neither can be trusted.
 *
 * @param type of the effect
 * @param told of how many rows the effect speaks
 * @param found of how many that was true
 * @throws StorageError where they differ
 */
export function checkRows(type: string, told: number, found: number): void {
  if (found !== told) throw new StorageError(`The effect ${type} speaks of ${told} rows; the database has ${found}.`);
}
