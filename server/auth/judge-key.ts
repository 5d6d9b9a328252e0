import { RefusedError } from '../../protocol/errors.js';
import { KEY_ID } from '../../protocol/names.js';
import type { KeyRecord, SiteKey } from '../domain/site.js';
import { verifyingKey, type VerifyingKey } from './verifying-key.js';

/** @throws RefusedError `invalid_input` where the id or the material does not suit */
export function readyToVerify(key: SiteKey): VerifyingKey {
  if (!KEY_ID.test(key.kid)) throw invalid(`Not a key id: ${JSON.stringify(key.kid)}.`);
  try {
    return verifyingKey(key);
  } catch (cause) {
    // What Node says of a key that it can't read names no part of it, but helps nobody either.
    throw invalid(cause instanceof TypeError ? cause.message : "The public key can't be read.", cause);
  }
}

/** What is said of a key that can't be used: that it is revoked, where it was there once. */
export function unknownKey(records: readonly KeyRecord[], kid: string): RefusedError {
  if (!records.some(record => record.kid === kid)) return new RefusedError('key_unknown');
  return new RefusedError('key_unknown', { message: `The key ${kid} is revoked.` });
}

function invalid(message: string, cause?: unknown): RefusedError {
  return new RefusedError('invalid_input', { message, cause });
}
