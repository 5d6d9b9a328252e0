import type { Static, TSchema } from '@sinclair/typebox';
import type { TypeCheck } from '@sinclair/typebox/compiler';

import type { Answer, ClientToServer } from '../../protocol/conversation.js';
import { RefusedError, type Refusal, refusal } from '../../protocol/errors.js';
import { explain } from '../../protocol/explanations.js';
import { StorageError } from '../domain/storage.js';
import type { Logger } from '../log.js';
import type { Metrics } from '../metrics/metrics.js';
import type { Connection } from './connection.js';
import { commandBody, commandSize, FORMS, liveMessage, liveSize } from './order-forms.js';
import type { PersonRates } from './person-rates.js';
import type { RoomOrders } from './room-orders.js';

export interface ConversationOptions {
  readonly orders: RoomOrders;
  readonly rates: PersonRates;
  readonly metrics: Metrics;
  readonly log: Logger;
}

/** What is done with what a connection says under one name. Whatever the arguments are it throws nothing. */
type Listener = (connection: Connection, args: readonly unknown[]) => void;

/** Talks with connections: what they order is held to its rate, checked, done and answered. One for all of them, since each is kept long. */
export class Conversation {
  readonly #rates: PersonRates;
  readonly #metrics: Metrics;
  readonly #log: Logger;
  readonly #listeners: ReadonlyMap<unknown, Listener>;

  constructor({ orders, rates, metrics, log }: ConversationOptions) {
    this.#rates = rates;
    this.#metrics = metrics;
    this.#log = log;
    const listeners: Record<keyof ClientToServer, Listener> = {
      join: this.#answering(FORMS.join, (connection, { room }) => orders.join(connection, room)),
      leave: this.#answering(FORMS.leave, (connection, { room }) => orders.leave(connection, room)),
      catchup: this.#answering(FORMS.catchup, (connection, { room, after }) =>
        orders.catchup(connection, room, { ...after }),
      ),
      read: this.#answering(FORMS.read, (connection, { room, seq }) => orders.read(connection, room, seq)),
      refresh: this.#answering(FORMS.refresh, (connection, { token }) => orders.refresh(connection, token)),
      command: this.#answering(FORMS.command, async (connection, { room, id, body }) => {
        const rebuilt = commandBody(body);
        return metrics.measure(rebuilt.type, () => {
          rates.command(connection.identity, commandSize(rebuilt));
          return orders.command(connection, room, { id, body: rebuilt });
        });
      }),
      l: (connection, args) => this.#live(connection, args),
    };
    this.#listeners = new Map(Object.entries(listeners));
  }

  /** Listens to a connection from now on. Its one listener hears everything: one for each name would be a kilobyte for each connection. */
  begin(connection: Connection): void {
    connection.socket.onAny((name: unknown, ...args: readonly unknown[]) => {
      this.#listeners.get(name)?.(connection, args);
    });
  }

  /** An order's listener. Without a function to answer by, nothing is answered. */
  #answering<Form extends TSchema, Success extends object>(
    form: TypeCheck<Form>,
    obey: (connection: Connection, order: Static<Form>) => Promise<Success>,
  ): Listener {
    return (connection, args) => {
      const [order] = args;
      const last = args.at(-1);
      const answer = isAnswer(last) ? last : () => undefined;
      const checked = async () => {
        this.#rates.order(connection.identity);
        if (!form.Check(order)) throw new RefusedError('invalid_input');
        return obey(connection, order);
      };
      const reply = (said: Answer<object>) => {
        // Who orders page after page and reads none of them would have them all held here.
        connection.keepPace();
        answer(said);
      };
      checked().then(
        success => reply({ ok: true, ...success }),
        (fault: unknown) => reply({ ok: false, error: explain(this.#toRefusal(fault, connection)) }),
      );
    };
  }

  #live(connection: Connection, args: readonly unknown[]): void {
    const message = liveMessage(args);
    // What is malformed counts as much as the largest: it is no client of ours.
    const verdict = this.#rates.live(connection.identity, message ? liveSize(message.steps) : Infinity);
    if (verdict === 'abuse') {
      this.#metrics.refused('rate_limited', 'live');
      connection.bye(refusal('rate_limited', 10_000));
    } else if (verdict === 'take' && message) connection.live(message.handle, message.steps);
  }

  #toRefusal(fault: unknown, connection: Connection): Refusal {
    const refused = fault instanceof RefusedError ? fault.toRefusal() : this.#failure(fault, connection);
    this.#metrics.refused(refused.code, 'order');
    return refused;
  }

  #failure(fault: unknown, { socket, identity }: Connection): Refusal {
    this.#log.error({ err: fault, connection: socket.id, site: identity.site }, 'an order failed');
    return refusal(fault instanceof StorageError ? 'unavailable' : 'internal');
  }
}

function isAnswer(value: unknown): value is (answer: Answer<object>) => void {
  return typeof value === 'function';
}
