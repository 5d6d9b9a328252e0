import type { Refusal } from '../../protocol/errors.js';
import type { Status } from './contract.js';

/**
 * How a room stands with the server: its own status over that of the connection, which other rooms
 * may share.
 */
export class Standing {
  readonly #connection: { readonly status: Status; readonly refusal: Refusal | undefined };
  readonly #changed: () => void;
  #refusal: Refusal | undefined;
  /** Whether it was ever whole, and is now. */
  #arrived = false;
  #complete = false;
  #closed = false;

  constructor(connection: { readonly status: Status; readonly refusal: Refusal | undefined }, changed: () => void) {
    this.#connection = connection;
    this.#changed = changed;
  }

  get status(): Status {
    if (this.#closed) return 'closed';
    if (this.#refusal) return 'refused';
    const { status } = this.#connection;
    if (status === 'connected' && this.#complete) return status;
    return status === 'offline' || status === 'refused' ? status : this.#arrived ? 'reconnecting' : 'connecting';
  }

  /** Why the status is `refused`. */
  get refusal(): Refusal | undefined {
    return this.#refusal ?? this.#connection.refusal;
  }

  get arrived(): boolean {
    return this.#arrived;
  }

  get closed(): boolean {
    return this.#closed;
  }

  joined(): void {
    this.#refusal = undefined;
    this.lost();
  }

  /** Nothing is missing any more. */
  completed(): void {
    this.#complete = this.#arrived = true;
    this.#changed();
  }

  lost(): void {
    this.#complete = false;
    this.#changed();
  }

  refused(reason: Refusal): void {
    this.#refusal = reason;
    this.lost();
  }

  close(): void {
    this.#closed = true;
    this.#changed();
  }
}
