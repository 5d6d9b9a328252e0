import { createPublicKey } from 'node:crypto';

import type Router from '@koa/router';
import { TypeCompiler } from '@sinclair/typebox/compiler';

import { RefusedError } from '../../protocol/errors.js';
import { randomId } from '../../protocol/names.js';
import { KeyPatchSchema, type NewKeyAnswer, NewKeySchema } from '../../protocol/schema/admin.js';
import type { KeyAlgorithm } from '../domain/site.js';
import { type AdminApiOptions, readBody } from './requests.js';

/** Characters of a secret that the server makes: 258 random bits. */
const SECRET_LENGTH = 43;

/** What a key verifies with. */
interface NewKeyMaterial {
  readonly material: Uint8Array;
  /** Where the server made it: the text whose UTF-8 bytes are the HMAC key, as they stand. */
  readonly secret?: string;
}

/**
 * A new secret for HS256; for the others the public key, as it was given.
 *
 * @throws RefusedError `invalid_input`, in words that repeat nothing of what was sent
 */
function newKeyMaterial(algorithm: KeyAlgorithm, publicKey: string | undefined): NewKeyMaterial {
  if (publicKey !== undefined && /PRIVATE KEY/.test(publicKey)) {
    throw wrong(
      'This is a private key. Send the public key that belongs to it (`openssl pkey -pubout`). Nothing of it was kept; still, make a new pair, now that it has left its place.',
    );
  }
  if (algorithm === 'HS256') {
    if (publicKey !== undefined)
      throw wrong('The server makes the secret of an HS256 key. Name the algorithm of the public key.');
    const secret = randomId(SECRET_LENGTH);
    return { secret, material: new TextEncoder().encode(secret) };
  }
  if (publicKey === undefined) throw wrong(`A key for ${algorithm} needs \`publicKey\`: SPKI, in PEM.`);
  return { material: new TextEncoder().encode(spki(publicKey)) };
}

/** The key alone, without what may stand around it. */
function spki(pem: string): string {
  const block = /-----BEGIN PUBLIC KEY-----[A-Za-z0-9+/=\s]+-----END PUBLIC KEY-----/.exec(pem)?.[0];
  const form = '`publicKey` must be SPKI in PEM, which begins with `-----BEGIN PUBLIC KEY-----`.';
  if (block === undefined) throw wrong(form);
  try {
    return createPublicKey(block).export({ type: 'spki', format: 'pem' }).toString();
  } catch {
    throw wrong(`${form} This one can't be read.`);
  }
}

function wrong(message: string): RefusedError {
  return new RefusedError('invalid_input', { message });
}

const newKey = TypeCompiler.Compile(NewKeySchema);
const keyPatch = TypeCompiler.Compile(KeyPatchSchema);

/** A site's keys: to list, add, mark and revoke. */
export function addKeys(router: Router, { sites, log }: AdminApiOptions): void {
  router.get('/sites/:site/keys', async context => {
    context.body = { keys: await sites.keyRecords(context.params['site'] ?? '') };
  });

  router.post('/sites/:site/keys', async context => {
    const site = context.params['site'] ?? '';
    const { kid = newKeyId(), algorithm = 'HS256', publicKey, forServers = false } = await readBody(context, newKey);
    const { material, secret } = newKeyMaterial(algorithm, publicKey);
    const record = await sites.addKey({ site, kid, algorithm, material, forServers });
    log.info({ site, kid, algorithm, forServers }, 'a key was added');
    const answer: NewKeyAnswer = { ...record, ...(secret !== undefined && { secret }) };
    context.status = 201;
    context.body = answer;
  });

  router.patch('/sites/:site/keys/:kid', async context => {
    const { site = '', kid = '' } = context.params;
    const { forServers } = await readBody(context, keyPatch);
    context.body = await sites.markKey(site, kid, forServers);
    log.info({ site, kid, forServers }, 'a key was marked');
  });

  router.delete('/sites/:site/keys/:kid', async context => {
    const { site = '', kid = '' } = context.params;
    await sites.revokeKey(site, kid);
    log.info({ site, kid }, 'a key was revoked');
    context.status = 204;
  });
}

/** Of letters and digits alone, as KEY_ID begins with one, and as it is read out and typed. */
function newKeyId(): string {
  return `k${randomId(11).replaceAll(/[-_]/g, '0')}`;
}
