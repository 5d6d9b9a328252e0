/** What keeps an element from working, as `diagnose()` found it. */

/** What was found. `ok` where nothing is wrong. */
export type Finding =
  | 'ok'
  /** The page lacks something, or says it in a wrong form. */
  | 'not_configured'
  /** A part of the script could not be loaded. */
  | 'script_incomplete'
  | 'server_unreachable'
  | 'mixed_content'
  /** The page's Content-Security-Policy refuses it. */
  | 'blocked_by_policy'
  /** Something answers that is not Chalk Talk. */
  | 'foreign_answer'
  | 'server_failed'
  | 'site_unknown'
  | 'origin_not_allowed'
  | 'protocol_unsupported'
  /** A WebSocket can't be had; long-polling can. */
  | 'websocket_blocked'
  /** Neither a WebSocket nor long-polling can be had. */
  | 'connection_blocked'
  /** The page's own server or its `getToken` gave none. */
  | 'token_unavailable'
  | 'token_refused'
  | 'room_forbidden'
  | 'guests_not_allowed'
  | 'clock_off';

/** What is looked at, in the order in which it is. */
export type CheckName =
  'script' | 'configuration' | 'server' | 'site' | 'protocol' | 'clock' | 'websocket' | 'polling' | 'token' | 'room';

/** One thing that was looked at. */
export interface Check {
  readonly name: CheckName;
  /**
   * `warning`: it works, but not as well as it could. `skipped`: something before it stood in the
   * way, or it is not needed.
   */
  readonly result: 'good' | 'bad' | 'warning' | 'skipped';
  readonly finding: Finding;
  /** For the page's author: what was found and what to do. */
  readonly message: string;
}

/** Everything that was looked at, in the order in which a connection meets it. */
export interface Diagnosis {
  /** What to mend first: the first of the checks that is bad, else the first that warns. */
  readonly finding: Finding;
  /** The same for the page's author, in words. */
  readonly message: string;
  /** In the visitor's language, and kinder. */
  readonly visitorMessage: string;
  readonly checks: readonly Check[];
  /**
   * Versions, the page's origin, addresses and times: what to send along with a question. Holds no
   * token and no query.
   */
  readonly facts: Readonly<Record<string, string>>;
}

export function good(name: CheckName, message: string): Check {
  return { name, result: 'good', finding: 'ok', message };
}

export function bad(name: CheckName, finding: Finding, message: string): Check {
  return { name, result: 'bad', finding, message };
}

export function warning(name: CheckName, finding: Finding, message: string): Check {
  return { name, result: 'warning', finding, message };
}

export function skipped(name: CheckName, message: string): Check {
  return { name, result: 'skipped', finding: 'ok', message };
}

/** Writes a diagnosis to the console, all of it as one text: so it can be copied whole. */
export function writeToConsole({ finding, message, checks, facts }: Diagnosis): void {
  const failed = checks.some(({ result }) => result === 'bad');
  const level = failed ? 'error' : finding === 'ok' ? 'info' : 'warn';
  const lines = [
    `<chalk-talk> ${finding}: ${message}`,
    ...checks.map(check => `  ${check.result.padEnd(8)} ${check.name.padEnd(13)} ${check.message}`),
    ...Object.entries(facts).map(([name, fact]) => `  ${name}: ${fact}`),
  ];
  // eslint-disable-next-line no-console -- it is where the page's author looks for it
  console[level](lines.join('\n'));
}
