import { isRefusalCode, type Refusal, RefusedError, type RefusalCode } from '../../protocol/errors.js';

/** The refusal that came from outside as `value`, or undefined where that is none. */
export function readRefusal(value: unknown): Refusal | undefined {
  if (typeof value !== 'object' || value === null || !('code' in value) || !isRefusalCode(value.code)) return undefined;
  const message = 'message' in value ? String(value.message) : '';
  const retryAfter = 'retryAfter' in value ? Number(value.retryAfter) : NaN;
  return retryAfter >= 0 ? { code: value.code, message, retryAfter } : { code: value.code, message };
}

/** The refusal in an HTTP answer's body, `{ "error": … }`. */
export function readErrorBody(body: unknown): Refusal | undefined {
  return typeof body === 'object' && body !== null && 'error' in body ? readRefusal(body.error) : undefined;
}

/** A refusal as an error to throw. */
export function asError({ code, ...options }: Refusal): RefusedError {
  return new RefusedError(code, options);
}

/** Whether another token may mend it. */
export function isTokenFault(code: RefusalCode): boolean {
  return code === 'token_expired' || code === 'token_invalid';
}
