/** Engine.IO's long-polling by hand: for saying what no client would. */
import { SOCKET_PATH } from '../../protocol/version.js';

export interface PollingOptions {
  readonly server: string;
  readonly site?: string;
  /** null sends none. */
  readonly origin: string | null;
}

export class Polling {
  readonly url: string;
  readonly #headers: Readonly<Record<string, string>>;

  private constructor(url: string, headers: Readonly<Record<string, string>>) {
    this.url = url;
    this.#headers = headers;
  }

  /** Opens a session; where the server gives none, its answer. */
  static async open({ server, site = 'acme', origin }: PollingOptions): Promise<Polling | Response> {
    const query = new URLSearchParams({ EIO: '4', transport: 'polling', site });
    const url = `${server}${SOCKET_PATH}/?${query.toString()}`;
    const headers: Record<string, string> = origin === null ? {} : { origin };
    const answer = await fetch(url, { headers });
    if (!answer.ok) return answer;
    const { sid } = JSON.parse((await answer.text()).slice(1)) as { sid: string };
    return new Polling(`${url}&sid=${sid}`, headers);
  }

  /** Sends packets as they are; the status of the answer. */
  async send(...packets: readonly string[]): Promise<number> {
    const answer = await fetch(this.url, { method: 'POST', headers: this.#headers, body: packets.join('\x1e') });
    await answer.text();
    return answer.status;
  }

  /** What there is to hear, or what comes next; undefined where there is no session any more. */
  async poll(): Promise<readonly string[] | undefined> {
    const answer = await fetch(this.url, { headers: this.#headers });
    const text = await answer.text();
    if (!answer.ok) return undefined;
    const packets = text.split('\x1e');
    if (packets.includes('2')) await this.send('3');
    return packets;
  }

  /** The next packet that is as wanted; undefined where the session ends first. */
  async hears(wanted: (packet: string) => boolean): Promise<string | undefined> {
    for (;;) {
      const packets = await this.poll();
      if (!packets || packets.includes('1')) return undefined;
      const found = packets.find(wanted);
      if (found !== undefined) return found;
    }
  }
}
