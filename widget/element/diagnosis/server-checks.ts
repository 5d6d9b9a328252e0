/**
 * What the server's answer to a request without a token says: is it there, is it ours, does it let
 * this page in?
 */
import type { Refusal } from '../../../protocol/errors.js';
import { PROTOCOL_VERSION } from '../../../protocol/version.js';
import type { Heard, RoomAddress } from './ask-server.js';
import { bad, type Check, good, warning } from './report.js';
import { type Circumstances, isLoopback, stoppedHere } from './unreached.js';

/** A device's clock may be this far from the server's, in ms, before it is worth a word. */
const CLOCK_TOLERANCE = 60_000;

/** Whether there is a server, and it is Chalk Talk. */
export async function checkServer({ server }: RoomAddress, heard: Heard, around: Circumstances): Promise<Check> {
  const { origin } = server;
  switch (heard.kind) {
    case 'answer':
      return good('server', `${origin} answers, with version ${heard.answer.version}.`);
    case 'refused':
      return serverFault(heard.refusal, origin) ?? good('server', `${origin} answers.`);
    case 'foreign':
      return foreign(
        `${origin} answered ${heard.status} with ${heard.type || 'something'} instead of Chalk Talk's JSON`,
      );
    case 'unreadable':
      return (
        (await stoppedHere('server', server, sourcesOf(server), around)) ??
        foreign(`Something answers at ${origin} that lets no page read it, which Chalk Talk would`)
      );
    case 'silence':
      return bad(
        'server',
        'server_unreachable',
        `${origin} did not answer within 10 seconds: it is overloaded, or a firewall swallows what is sent to it.`,
      );
    case 'nothing':
      return (
        (await stoppedHere('server', server, sourcesOf(server), around)) ??
        bad('server', 'server_unreachable', `${origin} can't be reached. ${likelyReasons(server)}`)
      );
  }
}

/** Whether the site is there and lists this page. */
export function checkSite({ site, server }: RoomAddress, heard: Heard): Check {
  if (heard.kind !== 'refused') return good('site', `The site "${site}" is there and lists this page's origin.`);
  const { code, message } = heard.refusal;
  if (code === 'site_unknown') {
    const advice = `Mend \`site\`, or add the site on ${server.origin}.`;
    return bad('site', code, `There is no site "${site}" on this server. ${advice}`);
  }
  if (code !== 'origin_not_allowed' && code !== 'origin_missing') {
    return good('site', `The site "${site}" lets this page ask.`);
  }
  const list =
    self.origin === 'null'
      ? 'This page has no origin of its own, as pages from a file and in sandboxed frames. Serve it from an address; give a frame `allow-same-origin`.'
      : `Add exactly \`${self.origin}\` to the origins of the site "${site}".`;
  return bad('site', 'origin_not_allowed', `${list} The server said: ${message}`);
}

/**
 * Whether page and server understand each other.
 *
 * @param script where this script came from
 */
export function checkProtocol(heard: Heard, script: URL): Check {
  const said = heard.kind === 'refused' ? heard.refusal : undefined;
  if (said?.code !== 'protocol_unsupported') return good('protocol', `Both speak version ${PROTOCOL_VERSION}.`);
  const pinned = /\/v1\/(\d+\.\d+\.[^/]+)\//.exec(script.pathname)?.[1];
  const advice =
    pinned === undefined
      ? 'Reload the page; if that does not help, a cache keeps an old script.'
      : `The page asks for the script of version ${pinned}: raise it there (and its \`integrity\`), or use /v1/chalk-talk.js.`;
  return bad('protocol', said.code, `This script speaks version ${PROTOCOL_VERSION}, the server others. ${advice}`);
}

/**
 * Whether the device's clock goes by the server's; half the time of the round trip is uncertain.
 */
export function checkClock({ answer, asked, heard }: Extract<Heard, { kind: 'answer' }>): Check {
  const ahead = (asked + heard) / 2 - answer.now;
  const uncertain = (heard - asked) / 2;
  if (Math.abs(ahead) - uncertain <= CLOCK_TOLERANCE)
    return good('clock', "This device's clock agrees with the server's.");
  const by = `${duration(Math.abs(ahead))} ${ahead > 0 ? 'ahead of' : 'behind'}`;
  return warning(
    'clock',
    'clock_off',
    `This device's clock is ${by} the server's. That keeps nobody out: tokens are judged by the server's. Only times shown here are off. If other devices find the same, the server's clock is wrong.`,
  );
}

/** A time in words: to the second, in the largest unit that it fills. */
export function duration(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  const units = [
    ['day', 86_400],
    ['hour', 3_600],
    ['minute', 60],
  ] as const;
  const [name, length] = units.find(([, unit]) => seconds >= unit) ?? (['second', 1] as const);
  const count = Math.round(seconds / length);
  return `${count} ${name}${count === 1 ? '' : 's'}`;
}

/** What a policy has to allow for the server: requests and WebSocket. */
export function sourcesOf({ origin }: URL): readonly string[] {
  return [origin, origin.replace(/^http/, 'ws')];
}

/** Refusals that are about the server itself. */
export function serverFault({ code, message }: Refusal, origin: string): Check | undefined {
  switch (code) {
    case 'not_found':
      return bad(
        'server',
        'foreign_answer',
        `${origin} is an older Chalk Talk than this script, or only a part of it is reached: all of /v1/ has to go there.`,
      );
    case 'unavailable':
    case 'internal':
    case 'rate_limited':
      return bad('server', 'server_failed', `${origin} has a difficulty: ${message} Its log says more.`);
    default:
      return undefined;
  }
}

function foreign(what: string): Check {
  return bad(
    'server',
    'foreign_answer',
    `${what}. It is another program, a proxy with nothing behind it, or a network where one has to sign in first. Check \`server\`; open its /healthz in a tab.`,
  );
}

function likelyReasons(server: URL): string {
  if (isLoopback(server) && !isLoopback(new URL(location.href))) {
    return 'It names the very machine that shows the page. Write its public address.';
  }
  const check = `Open ${server.origin}/healthz in a tab: if that fails too, the server is down, its name or port is wrong, or its certificate`;
  return `${check}; if it shows \`{"ok":true}\`, something in the browser, such as an extension, is in the way.`;
}
