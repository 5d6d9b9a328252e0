import { KEY_ID, SITE_ID } from '../../protocol/names.js';
import { StatusAnswerSchema } from '../../protocol/schema/admin.js';
import type { CommandContext } from './command.js';
import { UsageError } from './command-line.js';

/**
 * Where a site is in the API.
 *
 * @throws UsageError where it is no id: `..` would lead elsewhere
 */
export function sitePath(site: string): string {
  if (!SITE_ID.test(site)) throw new UsageError(`${JSON.stringify(site)} is not the id of a site.`);
  return `/sites/${site}`;
}

/** Where a site's keys are, or one of them. @throws UsageError where one is no id */
export function keyPath(site: string, kid?: string): string {
  if (kid === undefined) return `${sitePath(site)}/keys`;
  if (!KEY_ID.test(kid)) throw new UsageError(`${JSON.stringify(kid)} is not the id of a key.`);
  return `${sitePath(site)}/keys/${kid}`;
}

/**
 * Where a site's revocations are, or some of them.
 *
 * @throws UsageError where it is no id of a site
 */
export function revocationPath(site: string, which: Readonly<Record<string, string>> = {}): string {
  const query = new URLSearchParams(which).toString();
  return `${sitePath(site)}/revocations${query === '' ? '' : `?${query}`}`;
}

/**
 * Where pages reach the server, for what a person is shown after something was made: to be asked
 * for before it is made, since a secret is told once, and nothing may go wrong between that and the
 * screen. Programs are not shown it.
 */
export async function publicUrl({ api, given }: Pick<CommandContext, 'api' | 'given'>): Promise<string> {
  return given.flag('json') ? '' : (await api().ask(StatusAnswerSchema, 'GET', '/status')).publicUrl;
}
