/** What is kept of a room where the server's side changes underneath: the test is the server. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { Answer, Head } from '../../../protocol/conversation.js';
import type { RefusalCode } from '../../../protocol/errors.js';
import type { CommandBody } from '../../../protocol/timeline/commands/index.js';
import type { Person, Snapshot } from '../../../protocol/timeline/state.js';
import type { OutboxEntry } from '../../../widget/session/outbox.js';
import { RoomRecord } from '../../../widget/session/record.js';
import { stroke } from '../../support/strokes.js';
import { MemoryStore } from './memory-store.js';
import { platformWith } from './people.js';

const PLACE = { server: 'https://chalk.example.com', site: 'acme', room: 'algebra-101' };
const [ANN, BEN]: readonly [Person, Person] = [
  { id: 'ann', name: 'Ann' },
  { id: 'ben', name: 'Ben' },
];

/** A record whose server keeps what it is sent, and says so when the test wants it to. */
class Served {
  readonly store = new MemoryStore();
  readonly sent: OutboxEntry[] = [];
  readonly refused: RefusalCode[] = [];
  readonly record: RoomRecord;
  epoch = 'one';
  /** What the server's timeline holds. */
  texts: string[] = [];
  #answers: ((answer: Answer<{ readonly seq: number }>) => void)[] = [];

  constructor({ lasting }: { readonly lasting: boolean }) {
    this.record = new RoomRecord(
      PLACE,
      {
        catchup: async () => ({ reset: true, head: this.head }),
        snapshot: async () => this.#snapshot(),
        history: () => Promise.reject(new Error('There is nothing older.')),
        command: entry => {
          this.sent.push(entry);
          return new Promise(answer => this.#answers.push(answer));
        },
      },
      {
        changed: () => undefined,
        boardMoved: () => undefined,
        complete: () => undefined,
        stopped: () => assert.fail('It goes on.'),
        refused: (_, { code }) => this.refused.push(code),
      },
      platformWith(lasting ? { outboxStore: async () => this.store } : {}),
    );
  }

  get head(): Head {
    return { epoch: this.epoch, seq: this.texts.length, redactions: 0 };
  }

  /** Joins, and goes on when everything that follows from it is done. */
  async join(person: Person): Promise<void> {
    this.record.resume(this.head, person);
    await settled();
  }

  /** The server has kept what it was sent last, and says so. */
  async acknowledge(): Promise<void> {
    const body = this.sent.at(-1)?.body;
    if (body?.type === 'message.post') this.texts.push(body.text);
    this.#answers.splice(0).forEach(answer => answer({ ok: true, seq: this.texts.length }));
    await settled();
  }

  #snapshot(): Snapshot {
    const messages = this.texts.map((text, index) => ({ seq: index + 1, by: 1, at: index, text }));
    return { ...this.head, people: [[1, ANN]], messages, more: false, shapes: [], settings: [] };
  }
}

const settled = (): Promise<void> => new Promise(done => setImmediate(done));
const say = (text: string): CommandBody => ({ type: 'message.post', text });
const sentTexts = ({ sent }: Served): string[] =>
  sent.map(({ body }) => (body.type === 'message.post' ? body.text : ''));
const shown = ({ record }: Served): string[] => record.messages.map(({ text, state }) => `${text} ${state}`);

test('another timeline is sent what no timeline has acknowledged, and nothing else', async () => {
  const server = new Served({ lasting: true });
  const { record } = server;
  await server.join(ANN);
  for (const text of ['kept', 'by the old one']) {
    record.own.submit(say(text));
    await server.acknowledge();
  }
  record.own.submit(say('never answered'));
  assert.deepEqual(sentTexts(server), ['kept', 'by the old one', 'never answered']);
  record.pause();

  server.epoch = 'two';
  server.texts = ['what the new one began with'];
  server.sent.length = 0;
  await server.join(ANN);
  assert.deepEqual(sentTexts(server), ['never answered']);
  assert.deepEqual(shown(server), ['what the new one began with sent', 'never answered pending']);
  await server.acknowledge();
  await server.join(ANN);
  assert.deepEqual(shown(server), ['what the new one began with sent', 'never answered sent']);
  assert.equal(record.own.waiting, 0);
  assert.deepEqual(server.store.kept({ ...PLACE, person: 'ann' }), []);
});

test('what one person has waiting is not sent by the next, and waits for the first to come back', async () => {
  const server = new Served({ lasting: true });
  const { record } = server;
  await server.join(ANN);
  record.own.submit(say("ann's"));
  record.own.submit({ type: 'shape.draw', shape: stroke() });
  record.pause();
  server.sent.length = 0;
  await server.join(BEN);
  assert.deepEqual([sentTexts(server), shown(server), record.board.shapes.size], [[], [], 0]);
  assert.deepEqual([record.own.waiting, record.own.undoHistory.canUndo], [0, false]);
  assert.equal(server.store.kept({ ...PLACE, person: 'ann' }).length, 2);
  record.pause();
  await server.join(ANN);
  assert.deepEqual(shown(server), ["ann's pending"]);
  assert.equal(record.board.shapes.size, 1);
});

test('where nothing lasts, what one person had waiting stays to be seen as not sent', async () => {
  const server = new Served({ lasting: false });
  const { record } = server;
  await server.join(ANN);
  record.pause();
  record.own.submit(say("ann's"));
  record.own.submit({ type: 'shape.draw', shape: stroke() });
  await server.join(BEN);
  assert.deepEqual(server.refused, ['token_person_changed', 'token_person_changed']);
  assert.deepEqual(shown(server), ["ann's failed"]);
  assert.deepEqual([sentTexts(server), record.board.shapes.size, record.own.waiting], [[], 0, 0]);
});
