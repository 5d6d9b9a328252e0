import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

import { StorageError } from '../domain/storage.js';

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Bytes of the salt that belongs to one database. */
const SALT_BYTES = 16;

/**
 * Encrypts secrets at rest: AES-256-GCM under a key that HKDF derives from the operator's secret
 * and the database's salt. The label says where a secret is stored, and is authenticated: so nobody
 * who can write to the database can move a sealed secret to another row.
 * Sealed form: nonce (12 bytes), tag (16), ciphertext.
 */
export class Sealing {
  readonly #key: Uint8Array;

  constructor(secretKey: string, salt: Uint8Array) {
    this.#key = new Uint8Array(hkdfSync('sha256', secretKey, salt, 'chalk-talk sealing v1', 32));
  }

  seal(secret: Uint8Array, label: string): Uint8Array {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(CIPHER, this.#key, nonce).setAAD(Buffer.from(label));
    const text = Buffer.concat([cipher.update(secret), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), text]);
  }

  /**
   * @throws Error where the secret key, the label or the sealed bytes are not those of the sealing.
   */
  open(sealed: Uint8Array, label: string): Uint8Array {
    const nonce = sealed.subarray(0, NONCE_BYTES);
    const tag = sealed.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES);
    const decipher = createDecipheriv(CIPHER, this.#key, nonce, { authTagLength: TAG_BYTES })
      .setAAD(Buffer.from(label))
      .setAuthTag(tag);
    // A copy of its own: a buffer from the pool would share its memory with others when it goes to
    // another thread.
    return new Uint8Array(Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]));
  }
}

const PROBE = Buffer.from('chalk-talk');
const PROBE_LABEL = 'vault';

/** What a database stores so that only the operator's secret opens its secrets. */
export interface Vault {
  readonly salt: Uint8Array;
  readonly probe: Uint8Array;
}

/** A vault for a database without one. */
export function newVault(secretKey: string): Vault {
  const salt = randomBytes(SALT_BYTES);
  return { salt, probe: new Sealing(secretKey, salt).seal(PROBE, PROBE_LABEL) };
}

/** @throws StorageError where the secret key is not the one that the vault was made with. */
export function sealingOf({ salt, probe }: Vault, secretKey: string): Sealing {
  const sealing = new Sealing(secretKey, salt);
  try {
    sealing.open(probe, PROBE_LABEL);
    return sealing;
  } catch (fault) {
    throw new StorageError('SECRET_KEY is not the one that sealed the keys in this database.', { cause: fault });
  }
}
