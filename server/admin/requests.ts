/** What every route of the operator's API is given, and how a route reads its request. */
import type { Static, TSchema } from '@sinclair/typebox';
import type { TypeCheck } from '@sinclair/typebox/compiler';
import type { ValueError } from '@sinclair/typebox/errors';
import type { Context } from 'koa';

import { RefusedError } from '../../protocol/errors.js';
import { KEY_ID, PERSON_ID, SITE_ID } from '../../protocol/names.js';
import type { StatusAnswer } from '../../protocol/schema/admin.js';
import type { SiteDirectory } from '../auth/site-directory.js';
import type { Clock } from '../clock.js';
import type { Backups, SiteStorage } from '../domain/storage.js';
import { readJson } from '../http/read-request.js';
import type { Logger } from '../log.js';

/** What the routes of the operator's API work with. */
export interface AdminApiOptions {
  /** The operator's token; without one nothing is here. */
  readonly adminToken: string | undefined;
  readonly sites: SiteDirectory;
  readonly storage: SiteStorage & Partial<Backups>;
  /** How many connections a site has just now. */
  readonly connectionsOf: (site: string) => number;
  readonly status: () => Promise<Omit<StatusAnswer, 'sites'>>;
  readonly clock: Clock;
  readonly log: Logger;
}

/** What names are made of, in words. */
const NAMES = [
  { form: SITE_ID, words: '1 to 32 lower-case letters, digits and hyphens, and not begin with a hyphen' },
  { form: KEY_ID, words: '1 to 64 letters, digits, hyphens and underscores, and begin with a letter or digit' },
  { form: PERSON_ID, words: '1 to 128 visible ASCII characters, without spaces' },
] as const;

/**
 * Bytes of the largest thing that an operator sends: a site with two hundred origins and as many
 * rooms for guests.
 */
const BODY_BYTES = 100_000;

/**
 * The body of a request, in the form that is asked for.
 *
 * @throws RefusedError `too_large`; `invalid_input`, naming the member whose form is wrong
 */
export async function readBody<Form extends TSchema>(context: Context, form: TypeCheck<Form>): Promise<Static<Form>> {
  return formed(await readJson(context.req, BODY_BYTES), form, 'The body');
}

/** The query of a request, as `readBody`; what is said twice has a wrong form. */
export function readQuery<Form extends TSchema>(context: Context, form: TypeCheck<Form>): Static<Form> {
  return formed({ ...context.query }, form, 'The query');
}

function formed<Form extends TSchema>(said: unknown, form: TypeCheck<Form>, whole: string): Static<Form> {
  if (form.Check(said)) return said;
  // Never what was sent: it may be a secret in the wrong place.
  throw new RefusedError('invalid_input', { message: faultIn(form.Errors(said).First(), whole) });
}

function faultIn(fault: ValueError | undefined, whole: string): string {
  const where = fault?.path ? `\`${fault.path.slice(1).replaceAll('/', '.')}\`` : whole;
  const pattern: unknown = fault?.schema['pattern'];
  const name = NAMES.find(({ form }) => form.source === pattern)?.words;
  if (name !== undefined) return `${where} must be ${name}.`;
  const described: unknown = fault?.schema.description;
  if (typeof described === 'string') return `${where} must be ${described}.`;
  return `${where} has a wrong form: ${fault?.message ?? 'unknown'}.`;
}

/**
 * Milliseconds that nothing needs to move on the connection of a request that takes long before it
 * is answered.
 */
const LONG = 60 * 60 * 1_000;

/**
 * Lets a request take its time: idle connections are ended otherwise. The server sets its own
 * patience again with the next request.
 */
export function takeTime({ req }: Pick<Context, 'req'>): void {
  req.socket.setTimeout(LONG);
}

/** Milliseconds that whoever reads a long answer may stand still. */
const STANDSTILL = 60_000;

/** Ends the patience of `takeTime`, when the answer begins. */
export function mustRead({ req }: Pick<Context, 'req'>): void {
  req.socket.setTimeout(STANDSTILL);
}
