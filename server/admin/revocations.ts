import type Router from '@koa/router';
import { TypeCompiler } from '@sinclair/typebox/compiler';

import { RefusedError } from '../../protocol/errors.js';
import {
  NewRevocationSchema,
  RevocationQuerySchema,
  type RevocationReport,
  type RevocationsAnswer,
  RevocationsQuerySchema,
} from '../../protocol/schema/admin.js';
import { type AdminApiOptions, readBody, readQuery } from './requests.js';

const newRevocation = TypeCompiler.Compile(NewRevocationSchema);
const revocationsQuery = TypeCompiler.Compile(RevocationsQuerySchema);
const revocationQuery = TypeCompiler.Compile(RevocationQuerySchema);

/**
 * Whom and what a site does not admit, though a good key signed for them: to list, add to and take
 * back.
 */
export function addRevocations(router: Router, { sites, log }: AdminApiOptions): void {
  router.get('/sites/:site/revocations', context => {
    const site = context.params['site'] ?? '';
    const { kind: wanted } = readQuery(context, revocationsQuery);
    if (!sites.site(site)) throw new RefusedError('site_unknown');
    const revocations = sites.revocations.of(site).filter(({ kind }) => wanted === undefined || kind === wanted);
    context.body = { revocations: [...revocations] } satisfies RevocationsAnswer;
  });

  router.post('/sites/:site/revocations', async context => {
    const site = context.params['site'] ?? '';
    const { kind, subject, until } = await readBody(context, newRevocation);
    const report: RevocationReport = await sites.revocations.revoke(site, kind, subject, until);
    log.info({ site, kind, subject, until: report.until }, 'somebody or something was revoked');
    context.status = 201;
    context.body = report;
  });

  router.delete('/sites/:site/revocations', async context => {
    const site = context.params['site'] ?? '';
    const { kind, subject } = readQuery(context, revocationQuery);
    await sites.revocations.allow(site, kind, subject);
    log.info({ site, kind, subject }, 'a revocation was taken back');
    context.status = 204;
  });
}
