import type { Static, TSchema } from '@sinclair/typebox';
import type { TypeCheck } from '@sinclair/typebox/compiler';
import type { ValueError } from '@sinclair/typebox/errors';
import type { Context } from 'koa';

import { RefusedError } from '../../protocol/errors.js';
import { KEY_ID, PERSON_ID, SITE_ID } from '../../protocol/names.js';
import { readJson } from '../http/read-json.js';

/** What names are made of, in words. */
const NAMES = [
  { form: SITE_ID, words: '1 to 32 lower-case letters, digits and hyphens, and not begin with a hyphen' },
  { form: KEY_ID, words: '1 to 64 letters, digits, hyphens and underscores, and begin with a letter or digit' },
  { form: PERSON_ID, words: '1 to 128 visible ASCII characters, without spaces' },
] as const;

/** Bytes of the largest thing that an operator sends: a site with two hundred origins and as many rooms for guests. */
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
