import { refusal } from '../../protocol/errors.js';
import { Grants } from '../auth/grants.js';
import { GUEST_KEY } from '../auth/guest-tokens.js';
import type { Identity } from '../auth/identity.js';
import { judgeOrigin } from '../auth/origin.js';
import type { SiteChange, SiteDirectory } from '../auth/site-directory.js';
import { judgeStanding } from '../auth/standing.js';
import type { Connection } from './connection.js';
import type { PresentConnections } from './present-connections.js';

/**
 * Applies changes of sites to present connections: revoked people, and pages that may no longer
 * embed the site, are closed at once.
 */
export class SiteChanges {
  readonly #sites: SiteDirectory;
  readonly #connections: Pick<PresentConnections, 'of'>;
  readonly #stopListening: () => void;

  constructor(sites: SiteDirectory, connections: Pick<PresentConnections, 'of'>) {
    this.#sites = sites;
    this.#connections = connections;
    this.#stopListening = sites.listen(change => this.#follow(change));
  }

  /**
   * Checks one connection. Needed for new ones too, since a change may have come after their token
   * was verified.
   */
  hold(connection: Connection): void {
    const { identity, origin } = connection;
    const site = this.#sites.site(identity.site);
    const fault = judgeOrigin(site, origin) ?? judgeStanding(this.#sites, identity);
    if (fault) connection.bye(refusal(fault));
    else if (site && identity.kid === GUEST_KEY) {
      connection.adopt({ ...identity, grants: new Grants(site.guests) });
    }
  }

  /** Harmless when called again. */
  close(): void {
    this.#stopListening();
  }

  #follow(change: SiteChange): void {
    const site = change.type === 'site' ? change.site.id : change.site;
    for (const connection of this.#connections.of(site)) {
      if (concerns(change, connection.identity)) this.hold(connection);
    }
  }
}

function concerns(change: SiteChange, { kid, jti, person }: Identity): boolean {
  switch (change.type) {
    case 'site':
    case 'site-removed':
      return true;
    case 'key-revoked':
      return kid === change.kid;
    case 'person-revoked':
      return person.id === change.subject;
    case 'token-revoked':
      return jti === change.subject;
  }
}
