import type { Static, TSchema } from '@sinclair/typebox';
import type { TypeCheck } from '@sinclair/typebox/compiler';

import type { Answer, ClientToServer } from '../../protocol/conversation.js';
import { RefusedError, type Refusal, refusal } from '../../protocol/errors.js';
import { explain } from '../../protocol/explanations.js';
import { bodyFromVersion1 } from '../../protocol/timeline/version-1.js';
import { PROTOCOL_VERSION } from '../../protocol/version.js';
import type { Clock } from '../clock.js';
import { StorageError } from '../domain/storage.js';
import type { Kinds } from '../kinds.js';
import type { Logger } from '../log.js';
import type { Metrics } from '../metrics/metrics.js';
import type { Connection } from './connection.js';
import type { Dismissal } from './dismissal.js';
import { type Measure, measureCommand, measureLive } from './measure.js';
import { liveMessage, orderForms } from './order-forms.js';
import type { PersonRates } from './person-rates.js';
import type { RoomOrders } from './room-orders.js';

export interface ConversationOptions {
  readonly kinds: Pick<Kinds, 'rules' | 'schemas'>;
  readonly orders: RoomOrders;
  readonly rates: PersonRates;
  readonly dismissal: Dismissal;
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly log: Logger;
}

/**
 * What is done with what a connection says under one name. Whatever the arguments are it throws
 * nothing.
 */
type Listener = (connection: Connection, args: readonly unknown[]) => void;

/**
 * Talks with connections: what they order is held to its rate, checked, done and answered. One for
 * all of them, since each is kept long.
 */
export class Conversation {
  readonly #rates: PersonRates;
  readonly #dismissal: Dismissal;
  readonly #clock: Clock;
  readonly #metrics: Metrics;
  readonly #log: Logger;
  readonly #listeners: ReadonlyMap<unknown, Listener>;

  constructor({ kinds, orders, rates, dismissal, clock, metrics, log }: ConversationOptions) {
    this.#rates = rates;
    this.#dismissal = dismissal;
    this.#clock = clock;
    this.#metrics = metrics;
    this.#log = log;
    const forms = orderForms(kinds.schemas);
    const listeners: Record<keyof ClientToServer, Listener> = {
      join: this.#answering(forms.join, (connection, { room }) => orders.join(connection, room)),
      leave: this.#answering(forms.leave, (connection, { room }) => orders.leave(connection, room)),
      catchup: this.#answering(forms.catchup, (connection, { room, after }) =>
        orders.catchup(connection, room, { ...after }),
      ),
      read: this.#answering(forms.read, (connection, { room, seq }) => orders.read(connection, room, seq)),
      refresh: this.#answering(forms.refresh, (connection, { token }) => orders.refresh(connection, token)),
      command: this.#answering(
        forms.command,
        (connection, { room, ...command }) => {
          const { body } = command;
          return metrics.measure(body.type, async () => {
            const measure = measureCommand(body, kinds.rules[body.type]);
            const over = this.#countPoints(connection, measure);
            if (over) throw over;
            rates.command(connection.identity, measure);
            return orders.command(connection, room, command);
          });
        },
        { hasOwnRate: true },
      ),
      l: (connection, args) => this.#live(connection, args),
    };
    this.#listeners = new Map(Object.entries(listeners));
  }

  /**
   * Listens to a connection from now on. Its one listener hears everything: one for each name would
   * be a kilobyte for each connection.
   */
  begin(connection: Connection): void {
    connection.socket.onAny((name: unknown, ...args: readonly unknown[]) => {
      const listener = this.#listeners.get(name);
      if (listener) listener(connection, args);
      else this.#unknown(connection);
    });
  }

  /** An order's listener. Without a function to answer by, nothing is answered. */
  #answering<Form extends TSchema, Success extends object>(
    form: TypeCheck<Form>,
    obey: (connection: Connection, order: Static<Form>) => Promise<Success>,
    { hasOwnRate = false } = {},
  ): Listener {
    return (connection, args) => {
      const order = connection.version === PROTOCOL_VERSION ? args[0] : inPresentVersion(args[0]);
      const last = args.at(-1);
      const answer = isAnswer(last) ? last : () => undefined;
      const checked = async () => {
        const hasForm = form.Check(order);
        if (!hasForm || !hasOwnRate) this.#rates.order(connection.identity);
        if (!hasForm) throw new RefusedError('invalid_input');
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
    const measure = message && measureLive(message.steps);
    if (measure && this.#countPoints(connection, measure)) return;
    const verdict = this.#rates.live(connection.identity, measure);
    if (verdict === 'take') {
      if (message) connection.live(message.handle, message.steps);
    } else if (verdict !== 'drop') this.#dismissal.dismiss(connection, verdict, 'live');
  }

  /** Names that nobody listens to, perhaps of a newer client: too many of them are none. */
  #unknown(connection: Connection): void {
    const verdict = this.#rates.live(connection.identity, undefined);
    if (typeof verdict === 'object') this.#dismissal.dismiss(connection, verdict, 'live');
  }

  /** @returns why the connection is closed, where its points are too many */
  #countPoints(connection: Connection, { points }: Measure): RefusedError | undefined {
    const over = connection.socket.data.budget?.points(points, this.#clock.now());
    if (over) this.#dismissal.dismiss(connection, over.toRefusal(), 'order');
    return over;
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

/**
 * An order of the previous version of the conversation, in which commands alone may be said
 * otherwise.
 */
function inPresentVersion(order: unknown): unknown {
  if (typeof order !== 'object' || order === null || !('body' in order)) return order;
  return { ...order, body: bodyFromVersion1(order.body) };
}

function isAnswer(value: unknown): value is (answer: Answer<object>) => void {
  return typeof value === 'function';
}
