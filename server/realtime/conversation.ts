import type { Static, TSchema } from '@sinclair/typebox';
import type { TypeCheck } from '@sinclair/typebox/compiler';

import type { Answer } from '../../protocol/conversation.js';
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

/** Listens to a connection from now on: what it orders is held to its rate, checked, done and answered. */
export function converse(connection: Connection, { orders, rates, metrics, log }: ConversationOptions): void {
  const { socket } = connection;

  /** An order's listener. Whatever the arguments are it throws nothing; without a function to answer by, nothing is answered. */
  function answering<Form extends TSchema, Success extends object>(
    form: TypeCheck<Form>,
    obey: (order: Static<Form>) => Promise<Success>,
  ): (...args: unknown[]) => void {
    return (...args) => {
      const [order] = args;
      const last = args.at(-1);
      const answer = isAnswer(last) ? last : () => undefined;
      const checked = async () => {
        rates.order(connection.identity);
        if (!form.Check(order)) throw new RefusedError('invalid_input');
        return obey(order);
      };
      const reply = (said: Answer<object>) => {
        // Who orders page after page and reads none of them would have them all held here.
        connection.keepPace();
        answer(said);
      };
      checked().then(
        success => reply({ ok: true, ...success }),
        (fault: unknown) => reply({ ok: false, error: explain(toRefusal(fault)) }),
      );
    };
  }

  function toRefusal(fault: unknown): Refusal {
    const refused = fault instanceof RefusedError ? fault.toRefusal() : failure(fault);
    metrics.refused(refused.code, 'order');
    return refused;
  }

  function failure(fault: unknown): Refusal {
    log.error({ err: fault, connection: socket.id, site: connection.identity.site }, 'an order failed');
    return refusal(fault instanceof StorageError ? 'unavailable' : 'internal');
  }

  socket.on(
    'join',
    answering(FORMS.join, ({ room }) => orders.join(connection, room)),
  );
  socket.on(
    'leave',
    answering(FORMS.leave, ({ room }) => orders.leave(connection, room)),
  );
  socket.on(
    'catchup',
    answering(FORMS.catchup, ({ room, after }) => orders.catchup(connection, room, { ...after })),
  );
  socket.on(
    'read',
    answering(FORMS.read, ({ room, seq }) => orders.read(connection, room, seq)),
  );
  socket.on(
    'refresh',
    answering(FORMS.refresh, ({ token }) => orders.refresh(connection, token)),
  );
  socket.on(
    'command',
    answering(FORMS.command, async ({ room, id, body }) => {
      const rebuilt = commandBody(body);
      return metrics.measure(rebuilt.type, () => {
        rates.command(connection.identity, commandSize(rebuilt));
        return orders.command(connection, room, { id, body: rebuilt });
      });
    }),
  );
  socket.on('l', (...args: unknown[]) => {
    const message = liveMessage(args);
    // What is malformed counts as much as the largest: it is no client of ours.
    const verdict = rates.live(connection.identity, message ? liveSize(message.steps) : Infinity);
    if (verdict === 'abuse') {
      metrics.refused('rate_limited', 'live');
      connection.bye(refusal('rate_limited', 10_000));
    } else if (verdict === 'take' && message) connection.live(message.handle, message.steps);
  });
}

function isAnswer(value: unknown): value is (answer: Answer<object>) => void {
  return typeof value === 'function';
}
