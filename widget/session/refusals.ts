import { type Refusal, RefusedError, type RefusalCode } from '../../protocol/errors.js';

/**
 * Whether what came from outside is a refusal. A code that a newer server has, and this script does
 * not know, is one as well.
 */
export function isRefusal(value: unknown): value is Refusal {
  return typeof value === 'object' && value !== null && 'code' in value && typeof value.code === 'string';
}

/** The refusal in an answer, over HTTP too: `{ "error": … }`. */
export function readErrorBody(body: unknown): Refusal | undefined {
  return typeof body === 'object' && body !== null && 'error' in body && isRefusal(body.error) ? body.error : undefined;
}

/** A refusal as an error to throw. */
export function asError({ code, ...options }: Refusal): RefusedError {
  return new RefusedError(code, options);
}

/** Whether another token may mend it. */
export function isTokenFault(code: RefusalCode): boolean {
  return /^token_(?:expired|invalid|revoked)$/.test(code);
}
