/** What nodes tell each other in a room: how it is written, and the checks of what is read. */
import { type Static, type TSchema, Type } from '@sinclair/typebox';
import { TypeCompiler } from '@sinclair/typebox/compiler';

import type { LiveStep, Peer } from '../../../protocol/conversation.js';
import type { InkColor } from '../../../protocol/ink.js';
import type { TimelineEvent } from '../../../protocol/timeline/events.js';
import type { RoomKey } from '../../domain/room-key.js';

/** The form of messages and of what is kept of people. A node knows one; what is of another form is for nodes of other versions. */
const FORM = '1';

/** A part of a message. */
export type Said =
  /** A peer did something that is not kept. */
  | readonly ['live', peer: number, steps: readonly LiveStep[]]
  | readonly ['kept', epoch: string, events: readonly TimelineEvent[]]
  | readonly ['came', peers: readonly Peer[]]
  | readonly ['left', peers: readonly number[]]
  /** The node listens from now on, and these are all who are there on it. It asks for the ink in progress. */
  | readonly ['here', peers: readonly Peer[]];

/** What a node said in one go. */
export interface RedisMessage {
  readonly node: string;
  readonly said: readonly Said[];
}

const Color = Type.Unsafe<InkColor>(Type.String());
const Flag = Type.Union([Type.Literal(0), Type.Literal(1)]);
const Yes = Type.Literal(true);

const StepForm = Type.Union([
  Type.Tuple([Type.Literal('more'), Type.String()]),
  Type.Tuple([Type.Literal('at'), Type.Number(), Type.Number()]),
  Type.Tuple([
    Type.Literal('ink'),
    Type.String(),
    Color,
    Type.Number(),
    Type.Number(),
    Flag,
    // All of it so far, which is more than a client says at once.
    Type.String(),
  ]),
  Type.Tuple([Type.Literal('drop')]),
  Type.Tuple([Type.Literal('away')]),
  Type.Tuple([Type.Literal('type'), Flag]),
]);

const PersonForm = Type.Object({ id: Type.String(), name: Type.String(), guest: Type.Optional(Yes) });

const PeerForm = Type.Object({
  peer: Type.Integer(),
  person: PersonForm,
  role: Type.Union([Type.Literal('viewer'), Type.Literal('member'), Type.Literal('moderator')]),
});

const StrokeForm = Type.Object({
  id: Type.String(),
  kind: Type.Literal('stroke'),
  color: Color,
  width: Type.Number(),
  scale: Type.Number(),
  pressure: Type.Boolean(),
  points: Type.String(),
});

const event = <Name extends string, Members extends Parameters<typeof Type.Object>[0]>(name: Name, members: Members) =>
  Type.Object({
    seq: Type.Integer(),
    prev: Type.Integer(),
    at: Type.Number(),
    by: Type.Integer(),
    command: Type.String(),
    type: Type.Literal(name),
    ...members,
  });

const EventForm = Type.Union([
  event('message.posted', { text: Type.String() }),
  event('shape.drawn', { stroke: StrokeForm, partial: Type.Optional(Yes) }),
  event('shape.completed', { stroke: StrokeForm, partial: Type.Optional(Yes) }),
  event('shapes.erased', { shapes: Type.Array(Type.String()) }),
  event('person.entered', { person: PersonForm }),
  event('command.undone', { of: Type.Integer(), shapes: Type.Integer() }),
  event('board.cleared', {}),
]);

const MessageForm = Type.Tuple([
  Type.String(),
  Type.Array(
    Type.Union([
      Type.Tuple([Type.Literal('live'), Type.Integer(), Type.Array(StepForm)]),
      Type.Tuple([Type.Literal('kept'), Type.String(), Type.Array(EventForm)]),
      Type.Tuple([Type.Literal('came'), Type.Array(PeerForm)]),
      Type.Tuple([Type.Literal('left'), Type.Array(Type.Integer())]),
      Type.Tuple([Type.Literal('here'), Type.Array(PeerForm)]),
    ]),
  ),
]);

const messageForm = TypeCompiler.Compile(MessageForm);
const peerForm = TypeCompiler.Compile(PeerForm);

/** What may be written in a form: the same as is read by it, and nothing of it is changed. */
type Written<Form extends TSchema> = Unchanged<Static<Form>>;
type Unchanged<Value> = Value extends object ? { readonly [Key in keyof Value]: Unchanged<Value[Key]> } : Value;

export function writeMessage(node: string, said: readonly Said[]): string {
  // So the compiler finds an event or a step of the protocol that has no form here: nobody would read it.
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
  return { node, said };
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
