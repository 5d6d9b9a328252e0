import { describe, type TestContext } from 'node:test';

import { openPostgres } from '../../../server/storage/postgres/open-postgres.js';
import { newPostgresDatabase } from '../../support/postgres-server.js';
import { storageContract } from './contract.js';
import type { Home } from './contract/home.js';

const SECRET_KEY = 'the operator keeps this one to themselves';

async function newHome(t: TestContext): Promise<Home> {
  const url = await newPostgresDatabase(t);
  const open = async () => {
    const storage = await openPostgres({ url, secretKey: SECRET_KEY });
    t.after(() => storage.close());
    return storage;
  };
  return { open };
}

describe('PostgreSQL', () => {
  storageContract(newHome);
});
