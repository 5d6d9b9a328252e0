import type { RefusalCode } from '../../protocol/errors.js';
import type { GateKey } from '../words/en/gate.js';

/** What stops a visitor at the door: a refusal, or a page that lacks what the element needs. */
export type Obstacle = RefusalCode | 'not_configured';

/**
 * What a visitor who is not let in reads, and whether it is worth their while to try again or to
 * reload the page.
 */
export interface ObstacleWords {
  readonly title: GateKey;
  readonly text: GateKey;
  readonly way?: 'again' | 'reload';
}

const SET_UP: ObstacleWords = { title: 'setUpTitle', text: 'setUpText' };
const TROUBLE: ObstacleWords = { title: 'troubleTitle', text: 'troubleText', way: 'again' };

/**
 * What only the page's author can mend is all one to a visitor; whatever is not listed here is
 * trouble.
 */
const OBSTACLES: Partial<Record<Obstacle, ObstacleWords>> = {
  not_configured: SET_UP,
  token_missing: SET_UP,
  token_invalid: SET_UP,
  token_not_yet_valid: SET_UP,
  token_wrong_audience: SET_UP,
  token_wrong_site: SET_UP,
  token_claims: SET_UP,
  origin_not_allowed: SET_UP,
  origin_missing: SET_UP,
  site_unknown: SET_UP,
  invalid_input: SET_UP,
  token_expired: { title: 'endedTitle', text: 'endedText', way: 'reload' },
  token_revoked: { title: 'endedTitle', text: 'endedText', way: 'reload' },
  token_person_changed: { title: 'endedTitle', text: 'endedText', way: 'reload' },
  guests_not_allowed: { title: 'guestsTitle', text: 'guestsText' },
  room_forbidden: { title: 'forbiddenTitle', text: 'forbiddenText' },
  person_revoked: { title: 'forbiddenTitle', text: 'forbiddenText' },
  too_many_connections: { title: 'crowdedTitle', text: 'crowdedText', way: 'again' },
  too_many_rooms: { title: 'crowdedTitle', text: 'crowdedText', way: 'again' },
  room_full: { title: 'fullTitle', text: 'fullText', way: 'again' },
  protocol_unsupported: { title: 'outdatedTitle', text: 'outdatedText', way: 'reload' },
};

export function obstacleWords(obstacle: Obstacle): ObstacleWords {
  return OBSTACLES[obstacle] ?? TROUBLE;
}
