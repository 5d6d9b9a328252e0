import { hash } from 'node:crypto';

/** What goes to the database with a statement. */
export type Argument = string | number | null | Uint8Array | readonly (string | number | null | Uint8Array)[];

declare const takes: unique symbol;
declare const returns: unique symbol;

/**
 * A statement that each connection prepares once, with the types of what it takes and of the rows
 * that it returns.
 */
export interface Statement<Arguments extends readonly Argument[], Row> {
  readonly name: string;
  readonly text: string;
  readonly [takes]?: Arguments;
  readonly [returns]?: Row;
}

/** @param text in the words of PostgreSQL, with `$1` for the first argument */
export function statement<Arguments extends readonly Argument[], Row = never>(text: string): Statement<Arguments, Row> {
  // One name for one text, on whichever connection.
  return { name: hash('sha256', text, 'base64url').slice(0, 22), text };
}
