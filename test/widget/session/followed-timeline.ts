/**
 * A timeline for tests, and the server that it follows: what the server answers, and when it fails,
 * is the test's choice.
 */
import type { Head, Position, Tail } from '../../../protocol/conversation.js';
import { RefusedError, type Refusal } from '../../../protocol/errors.js';
import type { AnyEvent, AnyPayload, EventPayload } from '../../../protocol/timeline/events.js';
import { evolve } from '../../../protocol/timeline/evolve.js';
import { emptyState, type HeldState, type Snapshot, visibleShapes } from '../../../protocol/timeline/state.js';
import { Timeline } from '../../../widget/session/timeline.js';
import { ManualClock } from '../../support/manual-clock.js';
import { platformOf } from './people.js';

/** A server's timeline: what is so, and what it answers. */
export class Origin {
  readonly epoch: string;
  readonly events: AnyEvent[] = [];
  state: HeldState;
  /** Events on a page. */
  page = 3;
  /** Further behind than this a snapshot is to be taken. */
  far = Infinity;

  constructor(epoch = 'one') {
    this.epoch = epoch;
    this.state = emptyState(epoch);
  }

  get head(): Head {
    const { epoch, seq, redactions } = this.state;
    return { epoch, seq, redactions };
  }

  append(payload: EventPayload | (AnyPayload & Readonly<Record<string, unknown>>)): AnyEvent {
    const { seq: prev } = this.state;
    const seq = prev + 1 + (prev % 3);
    const event = { seq, prev, at: seq, by: 1, command: `command ${seq}`, ...payload };
    evolve(this.state, event);
    this.events.push(event);
    return event;
  }

  snapshot(): Snapshot {
    const { epoch, seq, redactions, people, messages, settings } = this.state;
    return structuredClone({
      ...{ epoch, seq, redactions },
      people: [...people],
      messages: [...messages.values()],
      more: false,
      shapes: visibleShapes(this.state).map(({ since: _, hidden: __, ...shape }) => shape),
      settings: [...settings],
    });
  }

  tail({ epoch, seq }: Position): Tail {
    const later = this.events.filter(event => event.seq > seq);
    if (epoch !== this.epoch || later.length > this.far) return { reset: true, head: this.head };
    return { reset: false, events: later.slice(0, this.page), head: this.head };
  }
}

export interface Client {
  readonly timeline: Timeline;
  readonly clock: ManualClock;
  readonly applied: number[];
  readonly refused: Refusal[];
  readonly asked: string[];
  readonly reported: unknown[];
  complete: number;
}

export function follow(origin: () => Origin, failing: () => boolean = () => false): Client {
  const clock = new ManualClock();
  const ask = async <Answer>(what: string, answer: () => Answer): Promise<Answer> => {
    client.asked.push(what);
    await Promise.resolve();
    if (failing()) throw new RefusedError('unavailable');
    return answer();
  };
  const client: Client = {
    clock,
    applied: [],
    refused: [],
    asked: [],
    reported: [],
    complete: 0,
    timeline: new Timeline(
      {
        snapshot: () => ask('snapshot', () => origin().snapshot()),
        catchup: after => ask('tail', () => origin().tail(after)),
      },
      {
        applied: ({ seq }) => client.applied.push(seq),
        replaced: () => {},
        advanced: () => {},
        complete: () => (client.complete += 1),
        refused: refusal => client.refused.push(refusal),
      },
      { ...platformOf(clock), report: error => client.reported.push(error) },
    ),
  };
  return client;
}

/** Lets everything that is under way come to an end, and what waits have its time. */
export async function rest({ clock }: Client, rounds = 20): Promise<void> {
  for (let round = 0; round < rounds; round += 1) {
    await new Promise(resolve => setImmediate(resolve));
    clock.advance(60_000);
  }
}
