/** A database in which no table is empty and one room is large, and how its rows are compared. */
import type { Happening } from '../../../../protocol/timeline/events.js';
import type { Storage } from '../../../../server/domain/storage.js';
import type { RowSource } from '../../../../server/storage/database-copy.js';
import { TABLES, type Value } from '../../../../server/storage/tables.js';
import { roomKey } from '../../../support/room-key.js';
import { stroke } from '../../../support/strokes.js';
import { ANN, BEN, keep, site } from '../contract/home.js';

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
    { type: 'person.entered', person: BEN },
    { type: 'message.posted', text: 'forgotten' },
    { type: 'shape.drawn', stroke: shown },
    { type: 'shape.drawn', stroke: erased },
    { type: 'shape.drawn', stroke: unfinished, partial: true },
    { type: 'shapes.erased', shapes: [erased.id] },
  ]);
  await storage.forget('acme', 1_002);
  await keep(storage, LARGE, [{ type: 'person.entered', person: ANN }]);
  const messages = Array.from({ length: MESSAGES }, (_, index): Happening => {
    return {
      type: 'message.posted',
      text: `message ${index} with "quotes", \\ and {braces}, NULL\n${'é✎'.repeat(index % 40)}`,
    };
  });
  await keep(storage, LARGE, messages);
  for (let index = 0; index < 20; index += 1) await keep(storage, LARGE, [{ type: 'shape.drawn', stroke: stroke() }]);
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
