import { StatusAnswerSchema } from '../../protocol/schema/admin.js';
import type { OperatorApi } from './operator-api.js';

/** Where a site is in the API. */
export function sitePath(site: string): string {
  return `/sites/${encodeURIComponent(site)}`;
}

/** Where a site's keys are, or one of them. */
export function keyPath(site: string, kid?: string): string {
  return `${sitePath(site)}/keys${kid === undefined ? '' : `/${encodeURIComponent(kid)}`}`;
}

/** Where pages reach the server. */
export async function publicUrl(api: OperatorApi): Promise<string> {
  return (await api.ask(StatusAnswerSchema, 'GET', '/status')).publicUrl;
}
