import type { TimelineEvent } from '../../protocol/timeline/events.js';
import type { UsageCounts } from '../domain/site.js';

type Counts = { -readonly [Name in keyof UsageCounts]: UsageCounts[Name] };

/** What one turn has kept of each site, counted as it is written. */
export class UsageTally {
  readonly counts = new Map<string, Counts>();

  /** @param size characters of what the event says, in JSON */
  count(site: string, { type }: TimelineEvent, size: number): void {
    const counts = this.counts.get(site) ?? this.#begin(site);
    counts.events += 1;
    counts.bytes += size;
    if (type === 'message.posted') counts.messages += 1;
    if (type === 'shape.drawn') counts.strokes += 1;
  }

  #begin(site: string): Counts {
    const counts = { events: 0, messages: 0, strokes: 0, bytes: 0 };
    this.counts.set(site, counts);
    return counts;
  }
}
