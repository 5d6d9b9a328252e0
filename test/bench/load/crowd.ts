import { DIALECTS, type DialectName, type Member, textOf } from './dialect.js';
import { Latencies, type LatencyReport } from './latencies.js';
import { LoadConnection } from './load-connection.js';

export interface Gathering {
  readonly dialect: DialectName;
  readonly port: number;
  readonly members: readonly Member[];
}

/** What happened since the last mark. */
export interface LoadReport {
  /** Messages sent. */
  readonly sent: number;
  /** Messages received, by all who received them. */
  readonly deliveries: number;
  readonly refused: number;
  /** What was said to the first who was refused. */
  readonly refusal?: string;
  /**
   * From when a message was due until somebody received it, and until its author had its answer.
   */
  readonly delivery: LatencyReport;
  /** Of those deliveries, what went to another port than the one where the author is. */
  readonly across: LatencyReport;
  readonly acknowledgement: LatencyReport;
  /** Messages accepted, by the port of their authors. */
  readonly accepted: Readonly<Record<number, number>>;
  /** CPU of the load itself, in microseconds. */
  readonly cpu: number;
}

/** Connections that come at once; more would measure the listen queue. */
const AT_ONCE = 50;
/** Messages whose due time is remembered. */
const REMEMBERED = 1 << 20;

/** All connections of the load, and what they see. */
export class Crowd {
  readonly #due = new Float64Array(REMEMBERED);
  /** The port that each of these was sent to. */
  readonly #sentTo = new Uint16Array(REMEMBERED);
  readonly #delivery = new Latencies();
  readonly #across = new Latencies();
  readonly #acknowledgement = new Latencies();
  #connections: readonly { readonly port: number; readonly person: LoadConnection }[] = [];
  readonly #accepted = new Map<number, number>();
  #last = 0;
  #sent = 0;
  #sentBefore = 0;
  #refused = 0;
  #refusal: string | undefined;
  #lost: string | undefined;
  #cpu = process.cpuUsage();
  /** Called at each answer, with who was answered. */
  onAnswer: (connection: number) => void = () => undefined;

  /** Lets these in too, in the order of `members`. */
  async gather({ dialect, port, members }: Gathering): Promise<void> {
    const connections = [...this.#connections];
    const before = connections.length;
    for (let first = 0; first < members.length; first += AT_ONCE) {
      const coming = members.slice(first, first + AT_ONCE).map(async (member, index) => {
        const person = await LoadConnection.enter(port, DIALECTS[dialect], member, {
          received: number => this.#received(number, port),
          acknowledged: (number, refusal) => {
            this.#acknowledgement.add(this.#since(number));
            if (refusal === undefined) this.#accepted.set(port, (this.#accepted.get(port) ?? 0) + 1);
            else this.#refuse(refusal);
            this.onAnswer(before + first + index);
          },
          lost: reason => (this.#lost = reason),
        });
        return { port, person };
      });
      connections.push(...(await Promise.all(coming)));
    }
    this.#connections = connections;
  }

  get size(): number {
    return this.#connections.length;
  }

  /**
   * @param due when it ought to be sent, by `performance.now()`: what the load itself is late
   *   counts as the wait of whoever waits.
   */
  say(connection: number, due: number): void {
    this.#last = (this.#last + 1) % 100_000_000;
    this.#due[this.#last % REMEMBERED] = due;
    this.#sent += 1;
    const { port = 0, person } = this.#connections[connection] ?? {};
    this.#sentTo[this.#last % REMEMBERED] = port;
    person?.say(this.#last, textOf(this.#last));
  }

  /** Counts from here on. */
  mark(): void {
    this.#delivery.clear();
    this.#across.clear();
    this.#accepted.clear();
    this.#acknowledgement.clear();
    this.#sentBefore = this.#sent;
    this.#refused = 0;
    this.#refusal = undefined;
    this.#cpu = process.cpuUsage();
  }

  /** @throws Error where a connection was lost. */
  read(): LoadReport {
    if (this.#lost !== undefined) throw new Error(`A connection of the load was lost: ${this.#lost}`);
    const { user, system } = process.cpuUsage(this.#cpu);
    return {
      sent: this.#sent - this.#sentBefore,
      deliveries: this.#delivery.count,
      refused: this.#refused,
      ...(this.#refusal !== undefined && { refusal: this.#refusal }),
      delivery: this.#delivery.report(),
      across: this.#across.report(),
      acknowledgement: this.#acknowledgement.report(),
      accepted: Object.fromEntries(this.#accepted),
      cpu: user + system,
    };
  }

  scatter(): void {
    for (const { person } of this.#connections) person.close();
    this.#connections = [];
  }

  #refuse(refusal: string): void {
    this.#refused += 1;
    this.#refusal ??= refusal;
  }

  #received(number: number, port: number): void {
    const time = this.#since(number);
    this.#delivery.add(time);
    if (this.#sentTo[number % REMEMBERED] !== port) this.#across.add(time);
  }

  #since(number: number): number {
    return performance.now() - (this.#due[number % REMEMBERED] ?? 0);
  }
}
