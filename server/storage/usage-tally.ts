import type { Effect } from '../../protocol/timeline/effects.js';
import type { UsageCounts } from '../domain/site.js';

type Counts = { -readonly [Name in keyof UsageCounts]: UsageCounts[Name] };

/** What one turn has kept of each site, counted as it is written. */
export class UsageTally {
  readonly counts = new Map<string, Counts>();

  /** Counts an event. @param size characters of its payload, in JSON */
  count(site: string, effects: readonly Effect[], size: number): void {
    const counts = this.counts.get(site) ?? this.#begin(site);
    counts.events += 1;
    counts.bytes += size;
    for (const effect of effects) {
      if (effect.type === 'putMessage' && effect.isNew) counts.messages += 1;
      if (effect.type === 'putShape' && effect.isNew) counts.shapes += 1;
    }
  }

  #begin(site: string): Counts {
    const counts = { events: 0, messages: 0, shapes: 0, bytes: 0 };
    this.counts.set(site, counts);
    return counts;
  }
}
