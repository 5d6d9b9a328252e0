import type Router from '@koa/router';
import { TypeCompiler } from '@sinclair/typebox/compiler';

import { randomId } from '../../protocol/names.js';
import { KeyPatchSchema, NewKeySchema, type NewKeyAnswer } from '../../protocol/schema/admin.js';
import type { AdminApiOptions } from './admin-api.js';
import { newKeyMaterial } from './key-material.js';
import { readBody } from './read-body.js';

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
