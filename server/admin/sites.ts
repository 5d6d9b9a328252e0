import type Router from '@koa/router';
import { TypeCompiler } from '@sinclair/typebox/compiler';

import { RefusedError } from '../../protocol/errors.js';
import { NewSiteSchema, SitePatchSchema, type SiteReport } from '../../protocol/schema/admin.js';
import { newSite, type Site } from '../domain/site.js';
import { changedSite } from '../auth/site-settings.js';
import { type AdminApiOptions, readBody, takeTime } from './requests.js';

const newSiteForm = TypeCompiler.Compile(NewSiteSchema);
const sitePatch = TypeCompiler.Compile(SitePatchSchema);

/** Sites: to list, add, show, change and remove. */
export function addSites(router: Router, { sites, connectionsOf, log }: AdminApiOptions): void {
  const report = (site: Site): SiteReport => ({
    ...site,
    origins: [...site.origins],
    guests: { ...site.guests },
    limits: { ...site.limits },
    connections: connectionsOf(site.id),
  });

  router.get('/sites', context => {
    context.body = { sites: sites.all.map(report) };
  });

  router.post('/sites', async context => {
    const { id, ...settings } = await readBody(context, newSiteForm);
    judgeName(settings);
    const site = changedSite(newSite(id), settings);
    await sites.createSite(site);
    log.info({ site: id }, 'a site was added');
    context.status = 201;
    context.body = report(site);
  });

  router.get('/sites/:site', context => {
    const site = sites.site(context.params['site'] ?? '');
    if (!site) throw new RefusedError('site_unknown');
    context.body = report(site);
  });

  router.patch('/sites/:site', async context => {
    const id = context.params['site'] ?? '';
    const changes = await readBody(context, sitePatch);
    judgeName(changes);
    const site = await sites.patchSite(id, changes);
    log.info({ site: id }, 'a site was changed');
    context.body = report(site);
  });

  router.delete('/sites/:site', async context => {
    const id = context.params['site'] ?? '';
    takeTime(context);
    await sites.removeSite(id);
    log.info({ site: id }, 'a site was removed');
    context.status = 204;
  });
}

/**
 * A name is shown in terminals, which do as control characters tell them. Joiners alone, of letters
 * and of emoji, are part of names.
 */
function judgeName({ name = '' }: { readonly name?: string | undefined }): void {
  if (!/(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u.test(name)) return;
  throw new RefusedError('invalid_input', { message: '`name` must not hold control characters.' });
}
