import { describe } from 'node:test';

import type { NewPlace } from './contract/place.js';
import { readingContract } from './contract/reading.js';
import { sitesContract } from './contract/sites.js';
import { turnsContract } from './contract/turns.js';

/** What every storage must do, whatever its engine. */
export function storageContract(newPlace: NewPlace): void {
  describe('turns', () => turnsContract(newPlace));
  describe('reading', () => readingContract(newPlace));
  describe('sites', () => sitesContract(newPlace));
}
