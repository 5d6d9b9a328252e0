/** What keeps an element from working, as `diagnose()` found it. */

/** What was found. `ok` where nothing is wrong. */
export type Finding =
  | 'ok'
  | 'not_configured'
  | 'server_unreachable'
  | 'mixed_content'
  | 'blocked_by_policy'
  | 'websocket_blocked'
  | 'site_unknown'
  | 'origin_not_allowed'
  | 'protocol_unsupported'
  | 'token_unavailable'
  | 'token_refused'
  | 'room_forbidden'
  | 'guests_not_allowed'
  | 'clock_off'
  | 'server_failed';

/** One thing that was looked at. */
export interface Check {
  readonly name: 'configuration' | 'server' | 'site' | 'protocol' | 'websocket' | 'polling' | 'token' | 'room' | 'clock';
  readonly result: 'good' | 'bad' | 'warning' | 'skipped';
  readonly finding: Finding;
  /** For the page's author: what was found and what to do. */
  readonly message: string;
}

/** Everything that was looked at, in the order in which a connection meets it. */
export interface Diagnosis {
  /** The worst of the checks' findings: what to mend first. */
  readonly finding: Finding;
  /** One sentence for the page's author. */
  readonly message: string;
  /** In the visitor's language, and kinder. */
  readonly visitorMessage: string;
  readonly checks: readonly Check[];
  /** Versions, the page's origin and addresses: what to send along with a question. Holds no token. */
  readonly facts: Readonly<Record<string, string>>;
}
