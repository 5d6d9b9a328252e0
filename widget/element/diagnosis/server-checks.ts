/** What the server's answer to a request without a token says: is it there, is it ours, does it let this page in? */
import type { Refusal } from '../../../protocol/errors.js';
import { PROTOCOL_VERSION } from '../../../protocol/version.js';
import type { Heard, RoomAddress } from './ask-server.js';
import { bad, good, warning } from './checks.js';
import type { Check } from './report.js';
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
        `${origin} did not answer within 10 seconds. It is overloaded, or a firewall on the way swallows what is sent to it.`,
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
    const advice = `Set \`site\` to the id of a site that was added to ${server.origin}, or add this one there.`;
    return bad('site', code, `There is no site "${site}" on this server. ${advice}`);
  }
  if (code !== 'origin_not_allowed' && code !== 'origin_missing') {
    return good('site', `The site "${site}" lets this page ask.`);
  }
  const list =
    self.origin === 'null'
      ? 'This page has no origin of its own, as pages opened from a file and in sandboxed frames have none. Serve it from an address, and give a sandboxed frame `allow-same-origin`.'
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
      ? 'Reload the page; where that does not help, a cache on the way keeps an old script.'
      : `The page asks for the script of version ${pinned}: raise it in the script's address (and \`integrity\`), or use /v1/chalk-talk.js, which is always the server's own.`;
  return bad('protocol', said.code, `This script speaks version ${PROTOCOL_VERSION}, the server others. ${advice}`);
}

/** Whether the device's clock goes by the server's; half the time of the round trip is uncertain. */
export function checkClock({ answer, asked, heard }: Extract<Heard, { kind: 'answer' }>): Check {
  const ahead = (asked + heard) / 2 - answer.now;
  const uncertain = (heard - asked) / 2;
  if (Math.abs(ahead) - uncertain <= CLOCK_TOLERANCE)
    return good('clock', "This device's clock agrees with the server's.");
  const by = `${duration(Math.abs(ahead))} ${ahead > 0 ? 'ahead of' : 'behind'}`;
  return warning(
    'clock',
    'clock_off',
    `This device's clock is ${by} the server's. Tokens are judged by the server's, so nobody is kept out by it; only times that are shown here are off. If other devices find the same, it is the server's clock that is wrong.`,
  );
}

/** A time in words: the largest unit that it fills. */
export function duration(ms: number): string {
  const units = [
    ['day', 86_400_000],
    ['hour', 3_600_000],
    ['minute', 60_000],
  ] as const;
  const [name, length] = units.find(([, unit]) => ms >= unit) ?? (['second', 1_000] as const);
  const count = Math.round(ms / length);
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
      return foreign(
        `${origin} knows no such question: the server is older than this script, or only a part of it answers`,
      );
    case 'unavailable':
    case 'internal':
    case 'rate_limited':
      return bad('server', 'server_failed', `${origin} answers, but not well. It said: ${message} Its log says more.`);
    default:
      return undefined;
  }
}

function foreign(what: string): Check {
  return bad(
    'server',
    'foreign_answer',
    `${what}. Another program stands at this address, or a proxy with nothing behind it, or a network that wants people to sign in first. Check \`server\`, and open its /healthz in a tab.`,
  );
}

function likelyReasons(server: URL): string {
  if (isLoopback(server) && !isLoopback(new URL(location.href))) {
    return 'It names the very machine that the page is shown on: only there can it be a server. Write the public address.';
  }
  const check = `Open ${server.origin}/healthz in a tab: if that fails too, the server is down, the name or the port is wrong, or its certificate is not accepted`;
  return `${check}; if it shows \`{"ok":true}\`, something in the browser, such as an extension, keeps the page from it.`;
}
