import { keep, recall } from '../keep.js';
import { guestToken } from '../session/index.js';

/**
 * What makes a guest the same person over reloads and renewals: the name they gave and their last token, kept by the browser for
 * each server and site.
 */
export class GuestPass {
  readonly #server: string;
  readonly #site: string;
  readonly #key: string;
  #token: string | undefined;

  constructor(server: string, site: string) {
    this.#server = server;
    this.#site = site;
    this.#key = `chalk-talk:guest:${server}:${site}`;
    this.#token = recall('localStorage', `${this.#key}:token`);
  }

  /** The name that the guest gave the last time. */
  get name(): string | undefined {
    return recall('localStorage', `${this.#key}:name`);
  }

  set name(name: string | undefined) {
    keep('localStorage', `${this.#key}:name`, name ?? '');
  }

  /**
   * A token for the guest.
   *
   * @throws RefusedError with the server's reason
   */
  async token(name: string, room: string): Promise<string> {
    const previous = this.#token === undefined ? {} : { previous: this.#token };
    const token = await guestToken({ server: this.#server, site: this.#site, name, room, ...previous });
    this.#token = token;
    keep('localStorage', `${this.#key}:token`, token);
    return token;
  }
}
