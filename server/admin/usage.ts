import type Router from '@koa/router';

import { RefusedError } from '../../protocol/errors.js';
import type { UsageAnswer } from '../../protocol/schema/admin.js';
import type { UsageCounts } from '../domain/site.js';
import type { AdminApiOptions } from './requests.js';

const DAYS = { otherwise: 30, most: 3_660 };

/** What a site had kept, day by day. */
export function addUsage(router: Router, { sites, storage, connectionsOf }: AdminApiOptions): void {
  router.get('/sites/:site/usage', async context => {
    const site = context.params['site'] ?? '';
    if (!sites.site(site)) throw new RefusedError('site_unknown');
    const { rooms, days } = await storage.usage(site, daysAsked(context.query['days']));
    const answer: UsageAnswer = {
      site,
      connections: connectionsOf(site),
      rooms,
      days: [...days],
      total: sum(days),
    };
    context.body = answer;
  });
}

function daysAsked(said: string | string[] | undefined): number {
  if (said === undefined) return DAYS.otherwise;
  const days = typeof said === 'string' && /^\d{1,5}$/.test(said) ? Number(said) : 0;
  if (days >= 1 && days <= DAYS.most) return days;
  throw new RefusedError('invalid_input', { message: `\`days\` must be a whole number from 1 to ${DAYS.most}.` });
}

function sum(days: readonly UsageCounts[]): UsageCounts {
  const total = { events: 0, messages: 0, shapes: 0, bytes: 0 };
  for (const { events, messages, shapes, bytes } of days) {
    total.events += events;
    total.messages += messages;
    total.shapes += shapes;
    total.bytes += bytes;
  }
  return total;
}
