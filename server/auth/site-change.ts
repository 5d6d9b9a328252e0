import type { Site } from '../domain/site.js';

/** What happened to a site while people of it may be connected. */
export type SiteChange =
  | { readonly type: 'site'; readonly site: Site }
  | { readonly type: 'site-removed'; readonly site: string }
  | { readonly type: 'key-revoked'; readonly site: string; readonly kid: string }
  /** A person by their id, or a token by its `jti`. */
  | { readonly type: 'person-revoked' | 'token-revoked'; readonly site: string; readonly subject: string };
