/**
 * Finds what keeps an element from working. It asks what a connection would ask, in the same order,
 * and goes on as far as it can, so that one look names everything that is wrong. It knows nothing
 * of the element's own session, and changes nothing in the room.
 */
import { PROTOCOL_VERSION } from '../../../protocol/version.js';
import { type Platform, realPlatform } from '../../session/index.js';
import { diagnosis as english } from '../../words/en/diagnosis.js';
import type { Language } from '../../words/languages.js';
import { speaker } from '../../words/words.js';
import type { Entrance, Wishes } from '../entrance.js';
import { askServer, type RoomAddress } from './ask-server.js';
import { readConfiguration } from './configuration.js';
import { Findings } from './findings.js';
import { PolicyWatch } from './policy-watch.js';
import { checkClock, checkProtocol, checkServer, checkSite } from './server-checks.js';
import { bad, type Check, type Diagnosis, good, writeToConsole } from './report.js';
import { checkGuest, checkToken, noToken } from './token-checks.js';
import { outlineOf } from './token-outline.js';
import { obtainToken, sourceOf } from './token-source.js';
import { checkTransports, tryTransports } from './transports.js';
import type { Circumstances } from './unreached.js';
import { visitorWords } from './visitor-words.js';

export interface DiagnoseRequest {
  /** What the page says. */
  readonly wishes: Wishes;
  /** The visitor's. */
  readonly language: Language;
  /** Time and the network; by default as they are. */
  readonly platform?: Platform;
}

/**
 * Looks at everything that a connection needs, and says what stops it: to the caller, and in the
 * console. Never rejects.
 */
export async function diagnose({ wishes, language, platform = realPlatform() }: DiagnoseRequest): Promise<Diagnosis> {
  const policy = new PolicyWatch();
  const found = new Findings({
    page: self.origin,
    script: SCRIPT.origin + SCRIPT.pathname,
    protocol: String(PROTOCOL_VERSION),
    site: wishes.site,
    room: wishes.room,
    browser: navigator.userAgent,
  });
  try {
    await look(wishes, found, { policy, platform });
  } finally {
    policy.close();
  }
  const checks = found.complete();
  const worst = checks.find(({ result }) => result === 'bad') ?? checks.find(({ result }) => result === 'warning');
  const say = speaker(language.words.diagnosis ?? english, language.lang);
  const { finding, message } = worst ?? { finding: 'ok', message: 'Nothing is wrong.' };
  const visitorMessage = say(visitorWords(worst ?? { result: 'good', finding: 'ok' }));
  const diagnosis: Diagnosis = { finding, message, visitorMessage, checks, facts: found.facts };
  writeToConsole(diagnosis);
  return diagnosis;
}

/** Where this script came from. */
const SCRIPT = new URL(import.meta.url);

async function look(wishes: Wishes, found: Findings, around: Circumstances): Promise<void> {
  const { facts } = found;
  const configuration = readConfiguration(wishes);
  if ('fault' in configuration) {
    found.add(bad('configuration', 'not_configured', configuration.fault));
    return;
  }
  found.add(good('configuration', 'The page says all that is needed.'));
  const { entrance, address } = configuration;
  facts['server'] = address.server.origin;
  facts['tokenFrom'] = sourceOf(wishes);

  const heard = await askServer(address, around.platform);
  if (!found.add(await checkServer(address, heard, around))) return;
  if (!found.add(checkSite(address, heard))) return;
  const spoken = found.add(checkProtocol(heard, SCRIPT));
  if (heard.kind === 'answer') {
    facts['serverVersion'] = heard.answer.version;
    facts['serverTime'] = iso(heard.answer.now);
    facts['deviceTime'] = iso(heard.heard);
    facts['answeredIn'] = `${Math.round(heard.heard - heard.asked)} ms`;
    found.add(checkClock(heard));
  }

  const transports = await tryTransports(address, around);
  facts['websocket'] = transports.websocket;
  facts['polling'] = transports.polling ?? 'not tried';
  found.add(...checkTransports(address, transports));

  if (heard.kind !== 'answer' || !spoken) return;
  found.add(...(await lookAtToken(wishes, entrance, address, heard.answer, around)));
}

async function lookAtToken(
  wishes: Wishes,
  entrance: Exclude<Entrance, { kind: 'missing' }>,
  address: RoomAddress,
  { guests, now }: { readonly guests: boolean; readonly now: number },
  around: Circumstances,
): Promise<readonly Check[]> {
  const source = sourceOf(wishes);
  if (source === 'guest' || entrance.kind !== 'open') return checkGuest(address, guests);
  const token = await obtainToken(wishes, entrance, around);
  if (typeof token !== 'string') return [token];
  const outline = outlineOf(token);
  if (!outline) return [noToken(source)];
  return checkToken(address, { outline, source }, await askServer(address, around.platform, token), now);
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
