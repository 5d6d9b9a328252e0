import type { Static, TSchema } from '@sinclair/typebox';
import type { TypeCheck } from '@sinclair/typebox/compiler';
import type { Context } from 'koa';

import { RefusedError } from '../../protocol/errors.js';
import { readJson } from '../http/read-json.js';

/** Bytes of the largest thing that an operator sends: a site with two hundred origins and as many rooms for guests. */
const BODY_BYTES = 100_000;

/**
 * The body of a request, in the form that is asked for.
 *
 * @throws RefusedError `too_large`; `invalid_input`, naming the member whose form is wrong
 */
export async function readBody<Form extends TSchema>(context: Context, form: TypeCheck<Form>): Promise<Static<Form>> {
  const body = await readJson(context.req, BODY_BYTES);
  if (form.Check(body)) return body;
  const fault = form.Errors(body).First();
  const where = fault?.path ? `\`${fault.path.slice(1).replaceAll('/', '.')}\`` : 'The body';
  // Never what was sent: it may be a secret in the wrong place.
  throw new RefusedError('invalid_input', { message: `${where} has a wrong form: ${fault?.message ?? 'unknown'}.` });
}
