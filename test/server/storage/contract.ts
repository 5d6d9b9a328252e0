import { describe } from 'node:test';

import { forgettingContract } from './contract/forgetting.js';
import { operatingContract } from './contract/operating.js';
import { headsContract } from './contract/heads.js';
import { type NewPlace, site } from './contract/place.js';
import { readingContract } from './contract/reading.js';
import { revocationsContract } from './contract/revocations.js';
import { sitesContract } from './contract/sites.js';
import { turnsContract } from './contract/turns.js';
import { untouchedRoomsContract } from './contract/untouched-rooms.js';

/** What every storage must do, whatever its engine. */
export function storageContract(newPlace: NewPlace): void {
  const settled = withSites(newPlace);
  describe('turns', () => turnsContract(settled));
  describe('reading', () => readingContract(settled));
  describe('heads', () => headsContract(settled));
  describe('rooms that nothing was appended to', () => untouchedRoomsContract(settled));
  describe('forgetting', () => forgettingContract(settled));
  describe('operating', () => operatingContract(settled));
  describe('sites', () => sitesContract(newPlace));
  describe('revocations', () => revocationsContract(settled));
}

/** Places that have the sites of the rooms that tests speak of. */
function withSites(newPlace: NewPlace): NewPlace {
  return async t => {
    const place = await newPlace(t);
    const storage = await place.open();
    for (const id of ['acme', 'zeta']) await storage.putSite(site(id));
    await storage.close();
    return place;
  };
}
