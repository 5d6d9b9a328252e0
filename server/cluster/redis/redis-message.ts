/** What nodes tell each other in a room: how it is written, and the checks of what is read. */
import { type Static, type TSchema, Type } from '@sinclair/typebox';
import { TypeCompiler } from '@sinclair/typebox/compiler';

import type { LiveStep, Peer } from '../../../protocol/conversation.js';
import { LIMITS } from '../../../protocol/limits.js';
import { RoleSchema } from '../../../protocol/schema/claims.js';
import { AnyEventSchema, EVENT_SCHEMAS, eventSchema } from '../../../protocol/schema/commands/index.js';
import { exactly, PersonSchema } from '../../../protocol/schema/fields.js';
import { liveStepSchema } from '../../../protocol/schema/orders.js';
import type { AnyEvent } from '../../../protocol/timeline/events.js';
import type { RoomKey } from '../../domain/room-key.js';

/**
 * The form of messages and of what is kept of people. A node knows one; what is of another form is
 * for nodes of other versions.
 */
const FORM = '2';

/** A part of a message. */
export type Said =
  /** A peer did something that is not kept. */
  | readonly ['live', peer: number, steps: readonly LiveStep[]]
  | readonly ['kept', epoch: string, events: readonly AnyEvent[]]
  | readonly ['came', peers: readonly Peer[]]
  | readonly ['left', peers: readonly number[]]
  /**
   * The node listens from now on, and these are all who are there on it. It asks for the ink in
   * progress.
   */
  | readonly ['here', peers: readonly Peer[]];

/** What a node said in one go. */
export interface RedisMessage {
  readonly node: string;
  readonly said: readonly Said[];
}

const PeerForm = exactly({
  peer: Type.Integer(),
  person: PersonSchema,
  role: RoleSchema,
});

/** All of the ink so far, which is more than a client says at once. */
const StepForm = liveStepSchema(LIMITS.strokePoints);

const MessageForm = Type.Tuple([
  Type.String(),
  Type.Array(
    Type.Union([
      Type.Tuple([Type.Literal('live'), Type.Integer(), Type.Array(StepForm)]),
      Type.Tuple([Type.Literal('kept'), Type.String(), Type.Array(AnyEventSchema)]),
      Type.Tuple([Type.Literal('came'), Type.Array(PeerForm)]),
      Type.Tuple([Type.Literal('left'), Type.Array(Type.Integer())]),
      Type.Tuple([Type.Literal('here'), Type.Array(PeerForm)]),
    ]),
  ),
]);

const messageForm = TypeCompiler.Compile(MessageForm);
/**
 * Of the events that are known here. What a later version of the server keeps is passed on as it
 * is.
 */
const eventForms = new Map(
  Object.entries(EVENT_SCHEMAS).map(([type, payload]) => [type, TypeCompiler.Compile(eventSchema(payload))]),
);
const peerForm = TypeCompiler.Compile(PeerForm);

/** What may be written in a form: the same as is read by it, and nothing of it is changed. */
type Written<Form extends TSchema> = Unchanged<Static<Form>>;
type Unchanged<Value> = Value extends object ? { readonly [Key in keyof Value]: Unchanged<Value[Key]> } : Value;

export function writeMessage(node: string, said: readonly Said[]): string {
  // So the compiler finds an event or a step of the protocol that has no form here: nobody would
  // read it.
  const message: Written<typeof MessageForm> = [node, said];
  return FORM + JSON.stringify(message);
}

/** Whether a node has written a message: seen at its beginning, before anything is read. */
export function isFrom(node: string, text: string): boolean {
  return text.startsWith(beginningOf(node));
}

/** @returns undefined where it has another form */
export function readMessage(text: string): RedisMessage | undefined {
  const value = contentOf(text);
  if (!messageForm.Check(value)) return undefined;
  const [node, said]: Static<typeof MessageForm> = value;
  if (!said.every(hasKnownEvents)) return undefined;
  return { node, said };
}

/** Whether all events that are known here are as they should be. */
function hasKnownEvents(said: Said): boolean {
  if (said[0] !== 'kept') return true;
  return said[2].every(event => eventForms.get(event.type)?.Check(event) ?? true);
}

export function writePeer(peer: Peer): string {
  const written: Written<typeof PeerForm> = peer;
  return FORM + JSON.stringify(written);
}

/** @returns undefined where it has another form */
export function readPeer(text: string): Peer | undefined {
  const value = contentOf(text);
  return peerForm.Check(value) ? value : undefined;
}

function beginningOf(node: string): string {
  return `${FORM}["${node}",`;
}

function contentOf(text: string): unknown {
  if (!text.startsWith(FORM)) return undefined;
  try {
    return JSON.parse(text.slice(FORM.length));
  } catch {
    return undefined;
  }
}

export interface MessageBatchOptions {
  readonly node: string;
  /** Tells the other nodes in a room. */
  readonly send: (room: RoomKey, text: string) => void;
}

/** Gathers what is told in one round of the event loop, so that it becomes one message a room. */
export class MessageBatch {
  readonly #options: MessageBatchOptions;
  readonly #rooms = new Map<RoomKey, Said[]>();
  #next: NodeJS.Immediate | undefined;

  constructor(options: MessageBatchOptions) {
    this.#options = options;
  }

  add(room: RoomKey, said: Said): void {
    const gathered = this.#rooms.get(room);
    if (gathered) gathered.push(said);
    else this.#rooms.set(room, [said]);
    this.#next ??= setImmediate(() => this.flush());
  }

  /** Tells at once what was gathered. */
  flush(): void {
    clearImmediate(this.#next);
    this.#next = undefined;
    const { node, send } = this.#options;
    for (const [room, said] of this.#rooms) send(room, writeMessage(node, said));
    this.#rooms.clear();
  }
}
