import { describe } from 'node:test';

import { effectsContract } from './contract/effects.js';
import { forgettingContract } from './contract/forgetting.js';
import { operatingContract } from './contract/operating.js';
import { headsContract } from './contract/heads.js';
import { type NewHome, site } from './contract/home.js';
import { readingContract } from './contract/reading.js';
import { revocationsContract } from './contract/revocations.js';
import { sitesContract } from './contract/sites.js';
import { turnsContract } from './contract/turns.js';
import { untouchedRoomsContract } from './contract/untouched-rooms.js';

/** What every storage must do, whatever its engine. */
export function storageContract(newHome: NewHome): void {
  const settled = withSites(newHome);
  describe('turns', () => turnsContract(settled));
  describe('effects', () => effectsContract(settled));
  describe('reading', () => readingContract(settled));
  describe('heads', () => headsContract(settled));
  describe('rooms that nothing was appended to', () => untouchedRoomsContract(settled));
  describe('forgetting', () => forgettingContract(settled));
  describe('operating', () => operatingContract(settled));
  describe('sites', () => sitesContract(newHome));
  describe('revocations', () => revocationsContract(settled));
}

/** Homes that have the sites of the rooms that tests speak of. */
function withSites(newHome: NewHome): NewHome {
  return async t => {
    const home = await newHome(t);
    const storage = await home.open();
    for (const id of ['acme', 'zeta']) await storage.putSite(site(id));
    await storage.close();
    return home;
  };
}
