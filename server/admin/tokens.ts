import type Router from '@koa/router';
import { TypeCompiler } from '@sinclair/typebox/compiler';

import { RefusedError } from '../../protocol/errors.js';
import { type TrialTokenAnswer, TrialTokenSchema } from '../../protocol/schema/admin.js';
import { unknownKey, type VerifyingKey } from '../auth/verifying-key.js';
import type { SiteDirectory } from '../auth/site-directory.js';
import { signTrialToken } from '../auth/trial-token.js';
import { type AdminApiOptions, readBody } from './requests.js';

const trialToken = TypeCompiler.Compile(TrialTokenSchema);

/** Tokens to try things out with. */
export function addTokens(router: Router, { sites, clock, log }: AdminApiOptions): void {
  router.post('/sites/:site/tokens', async context => {
    const site = context.params['site'] ?? '';
    const { kid: wanted, lifetime, ...person } = await readBody(context, trialToken);
    const key = await secretKey(sites, site, wanted);
    // Nobody could come in with it.
    if (sites.revocations.has(site, 'person', person.sub)) throw new RefusedError('person_revoked');
    const answer: TrialTokenAnswer = { ...(await signTrialToken(key, person, clock.now(), lifetime)), kid: key.kid };
    log.info({ site, kid: key.kid, person: person.sub }, 'a token was signed');
    context.body = answer;
  });
}

/** The key that is asked for, or the newest, among those whose secret the server has. */
async function secretKey(sites: SiteDirectory, site: string, wanted: string | undefined): Promise<VerifyingKey> {
  const all = await sites.keyRecords(site);
  const records = all.filter(({ kid, revokedAt }) => revokedAt === null && (wanted === undefined || kid === wanted));
  const kid = records.findLast(({ algorithm }) => algorithm === 'HS256')?.kid;
  const key = kid === undefined ? undefined : sites.key(site, kid);
  if (key) return key;
  if (records.length === 0 && wanted !== undefined) throw unknownKey(all, wanted);
  const message = "Only an HS256 key's secret is here to sign with. Add such a key, or sign where the private key is.";
  throw new RefusedError('key_unknown', { message });
}
