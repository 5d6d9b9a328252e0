import { RefusedError } from '../../protocol/errors.js';
import type { TokenBuckets } from '../limits/token-bucket.js';

/** Takes one from the holder's budget. @throws RefusedError `rate_limited` where there is none left */
export function throttle(buckets: Pick<TokenBuckets, 'take'>, holder: string, now: number): void {
  const retryAfter = buckets.take(holder, 1, now);
  if (retryAfter > 0) throw new RefusedError('rate_limited', { retryAfter });
}
