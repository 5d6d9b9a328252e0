/** A database in which no table is empty and one room is large, and how its rows are compared. */
import type { Storage } from '../../../../server/domain/storage.js';
import type { RowSource } from '../../../../server/storage/database-copy.js';
import { TABLES, type Value } from '../../../../server/storage/tables.js';
import { roomKey } from '../../../support/room-key.js';
import { stroke } from '../../../support/strokes.js';
import { ANN, BEN, keep, site } from '../contract/home.js';
import * as told from '../../../support/commands.js';

export const LARGE = roomKey('acme', 'algebra');
export const SMALL = roomKey('acme', 'biology');
/** Nothing was ever appended to it. */
export const UNTOUCHED = roomKey('acme', 'untouched');

/** Messages of the large room: several times what is read at once. */
export const MESSAGES = 1_100;

export async function fillWithEverything(storage: Storage): Promise<void> {
  await storage.putSite(
    site('acme', { name: 'Acmé ✎ \u{1F58D}', origins: ['https://acme.example'], retentionDays: 90 }),
  );
  await storage.putSite(site('umbra'));
  const key = { site: 'acme', algorithm: 'HS256', material: new Uint8Array(32).fill(7), forServers: true } as const;
  await storage.addKey({ ...key, kid: 'first' });
  await storage.addKey({ ...key, kid: 'second' });
  await storage.revokeKey('acme', 'first', 'fingerprint of a key');
  await storage.revoke('acme', { kind: 'person', subject: 'eve', revokedAt: 1_000, until: null });
  await storage.revoke('acme', { kind: 'token', subject: 'a token', revokedAt: 1_000, until: 9_000_000_000_000 });
  const [shown, erased, unfinished] = [stroke(), stroke(), stroke()];
  await keep(storage, SMALL, [
    told.entered(BEN),
    told.posted('forgotten'),
    told.drawn(shown),
    told.drawn(erased),
    told.drawn(unfinished, { partial: true }),
    told.erased([erased.id]),
  ]);
  await storage.forget('acme', 1_002);
  await keep(storage, LARGE, [told.posted('with all that an event can leave')], {
    waited: 77,
    effects: [
      { type: 'putSetting', name: 'locked', value: true },
      { type: 'endInterval', shape: shown.id, was: 'hidden', from: 1, to: 2 },
    ],
  });
  await keep(storage, LARGE, [told.entered(ANN)]);
  const messages = Array.from({ length: MESSAGES }, (_, index) => {
    return told.posted(`message ${index} with "quotes", \\ and {braces}, NULL\n${'é✎'.repeat(index % 40)}`);
  });
  await keep(storage, LARGE, messages);
  for (let index = 0; index < 20; index += 1) await keep(storage, LARGE, [told.drawn(stroke())]);
  await storage.setReadPosition(LARGE, ANN.id, 400);
}

/** All rows of all tables, table by table, in an order that no engine chooses. */
export async function rowsOf(source: RowSource): Promise<Readonly<Record<string, readonly string[]>>> {
  const tables: Record<string, readonly string[]> = {};
  for (const table of TABLES) {
    const rows: string[] = [];
    for await (const batch of source.rows(table)) rows.push(...batch.map(row => JSON.stringify(row.map(plain))));
    tables[table.name] = rows.sort();
  }
  return tables;
}

function plain(value: Value): unknown {
  return value instanceof Uint8Array ? { bytes: Buffer.from(value).toString('hex') } : value;
}
