import type { Platform } from '../../session/index.js';
import type { PolicyWatch } from './policy-watch.js';
import { bad, type Check, type CheckName } from './report.js';

/** The surroundings of a request that failed. */
export interface Circumstances {
  readonly policy: PolicyWatch;
  readonly platform: Platform;
}

/**
 * What on this side of the network stops a request: the page's policy, an address that a secure
 * page can't ask, a device without network.
 *
 * @param sources what the page's policy would have to allow
 * @returns undefined where it is none of these
 */
export async function stoppedHere(
  name: CheckName,
  url: URL,
  sources: readonly string[],
  { policy, platform }: Circumstances,
): Promise<Check | undefined> {
  const refusal = await policy.refusal(url, sources);
  if (refusal !== undefined) return bad(name, 'blocked_by_policy', `${url.origin} can't be asked. ${refusal}`);
  if (isMixed(url)) {
    const secure = url.origin.replace('http:', 'https:');
    return bad(
      name,
      'mixed_content',
      `A page by https can ask nothing by http: ${url.origin} is refused. Serve it by https too, and write ${secure}.`,
    );
  }
  if (platform.online()) return undefined;
  return bad(name, 'server_unreachable', 'The device says that it has no network.');
}

/**
 * Whether the browser takes it for mixed content: anything by http in a page that came by https,
 * unless it stays on the machine.
 */
function isMixed(url: URL): boolean {
  return location.protocol === 'https:' && url.protocol === 'http:' && !isLoopback(url);
}

/** Whether it names the very machine that asks. */
export function isLoopback({ hostname }: URL): boolean {
  return /^(?:localhost|.+\.localhost|127(?:\.\d+){3}|\[::1\])$/.test(hostname);
}
