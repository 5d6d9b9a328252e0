import { describe, type TestContext } from 'node:test';

import { openPostgres } from '../../../server/storage/open-postgres.js';
import { newPostgresDatabase } from '../../support/postgres-server.js';
import { storageContract } from './contract.js';
import type { Place } from './contract/place.js';

const SECRET_KEY = 'the operator keeps this one to themselves';

async function newPlace(t: TestContext): Promise<Place> {
  const url = await newPostgresDatabase(t);
  const open = async () => {
    const storage = await openPostgres({ url, secretKey: SECRET_KEY });
    t.after(() => storage.close());
    return storage;
  };
  return { open };
}

describe('PostgreSQL', () => {
  storageContract(newPlace);
});
