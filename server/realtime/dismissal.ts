import type { Refusal } from '../../protocol/errors.js';
import type { Clock } from '../clock.js';
import type { Metrics } from '../metrics/metrics.js';
import type { Connection } from './connection.js';
import { type EngineConnection, hangUp, stopReading } from './engine-connection.js';

/** Milliseconds for reading why they are closed. */
const FAREWELL = 1_000;

/** Closes connections that send forbidden things, or far too much. */
export class Dismissal {
  readonly #clock: Clock;
  readonly #metrics: Pick<Metrics, 'refused'>;
  /** Connections that are told, and not cut yet. */
  readonly #leaving = new Map<EngineConnection, () => void>();

  constructor({ clock, metrics }: { readonly clock: Clock; readonly metrics: Pick<Metrics, 'refused'> }) {
    this.#clock = clock;
    this.#metrics = metrics;
  }

  /**
   * Tells the reason, reads nothing more, and cuts the connection soon after. Harmless when called
   * again.
   */
  dismiss(connection: Connection, reason: Refusal, of: Parameters<Metrics['refused']>[1]): void {
    const { conn } = connection.socket;
    if (conn.readyState !== 'open') return;
    this.#metrics.refused(reason.code, of);
    connection.bye(reason);
    stopReading(conn);
    this.#leaving.set(
      conn,
      this.#clock.after(FAREWELL, () => {
        this.#leaving.delete(conn);
        hangUp(conn);
      }),
    );
  }

  /** Cuts all of them now. Harmless when called again. */
  close(): void {
    for (const [conn, cancel] of this.#leaving) {
      cancel();
      hangUp(conn);
    }
    this.#leaving.clear();
  }
}
