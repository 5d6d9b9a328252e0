import { StorageError } from '../../domain/storage.js';
import type { Connections } from '../postgres/connections.js';
import { MIGRATIONS } from '../postgres/migrations/index.js';
import { statement } from '../postgres/statement.js';
import { judgeForm } from './forms.js';

const IS_KNOWN = statement<[], { readonly known: boolean }>(`SELECT to_regclass('schema_form') IS NOT NULL AS known`);
const FORM = statement<[], { readonly form: number }>('SELECT form FROM schema_form');

/** @throws StorageError where a database of PostgreSQL is not in the present form */
export async function judgePostgresForm(connections: Connections, place: string): Promise<void> {
  const [found] = await connections.run(IS_KNOWN);
  const [row] = found?.known ? await connections.run(FORM) : [];
  if (!row) throw new StorageError(`No server has ever run on ${place}: there is nothing in it.`);
  judgeForm(place, row.form, MIGRATIONS.length);
}
