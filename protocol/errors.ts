/**
 * How much is too much: of messages, bytes and points; by a person over all their connections, by
 * one connection, by a whole site.
 */
const LIMIT_CODES = [
  'rate_limited',
  'person_bytes_limited',
  'person_points_limited',
  'connection_messages_limited',
  'connection_bytes_limited',
  'connection_points_limited',
  'site_messages_limited',
  'site_bytes_limited',
  'site_points_limited',
  'too_many_connections',
] as const;

/**
 * Every way in which Chalk Talk says no. The codes are stable: programs may rely on them. What they
 * mean is said in explanations.ts.
 */
export const REFUSAL_CODES = [
  // Who you are. Before a signature is verified the answer is always `token_invalid`: an attacker
  // learns nothing more.
  'token_missing',
  'token_invalid',
  'token_expired',
  'token_not_yet_valid',
  'token_wrong_audience',
  'token_wrong_site',
  'token_claims',
  'token_person_changed',
  'token_revoked',
  'person_revoked',
  'origin_not_allowed',
  'origin_missing',
  'site_unknown',
  'guests_not_allowed',
  'protocol_unsupported',

  // What you may do.
  'room_forbidden',
  'room_full',
  'not_joined',
  'role_forbidden',

  // What you sent.
  'invalid_input',
  'too_large',
  'text_empty',
  'shape_id_taken',
  'shape_unknown',
  'board_full',
  'too_many_rooms',
  'command_id_reused',
  'undo_unknown',
  'undo_too_old',
  'not_found',

  // How much.
  ...LIMIT_CODES,

  // What a client says to itself: the server never does.
  'outbox_full',
  'outbox_expired',

  // What an operator asked for.
  'admin_token_invalid',
  'site_exists',
  'key_exists',
  'key_unknown',

  // What went wrong here.
  'unavailable',
  'internal',
] as const;

export type RefusalCode = (typeof REFUSAL_CODES)[number];

/** A refusal as it crosses the wire. */
export interface Refusal {
  readonly code: RefusalCode;
  /**
   * One sentence for the page's author: what happened and what to do. The code again where nobody
   * has explained it.
   */
  readonly message: string;
  /** Milliseconds after which it is worth trying again. */
  readonly retryAfter?: number;
}

/** An error that is an answer: it carries its code to whoever asked. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
  readonly code: RefusalCode;
  readonly retryAfter: number | undefined;

  constructor(code: RefusalCode, options: { message?: string; retryAfter?: number; cause?: unknown } = {}) {
    super(options.message ?? code, { cause: options.cause });
    this.code = code;
    this.retryAfter = options.retryAfter;
  }

  toRefusal(): Refusal {
    const { code, message, retryAfter } = this;
    return retryAfter === undefined ? { code, message } : { code, message, retryAfter };
  }
}

export function refusal(code: RefusalCode, retryAfter?: number): Refusal {
  return new RefusedError(code, retryAfter === undefined ? {} : { retryAfter }).toRefusal();
}

export function isRefusalCode(value: unknown): value is RefusalCode {
  return REFUSAL_CODES.some(code => code === value);
}

const PASSING: ReadonlySet<RefusalCode> = new Set(['not_joined', ...LIMIT_CODES, 'unavailable', 'internal']);

/**
 * Whether the same thing, sent again later, may succeed. What is not passing leaves the outbox with
 * its reason.
 */
export function isPassing(code: RefusalCode): boolean {
  return PASSING.has(code);
}
