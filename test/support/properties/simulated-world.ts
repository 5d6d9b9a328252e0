import assert from 'node:assert/strict';

import { encodeInk } from '../../../protocol/ink.js';
import { clear, draw, erase, keep, post } from '../commands.js';
import { KeptOutboxes } from './kept-outboxes.js';
import { PAGES, type Step } from './merge-steps.js';
import { SimulatedClient } from './simulated-client.js';
import { SimulatedServer, type ServerSizes } from './simulated-server.js';
import { shapeId, strokeOf } from './story.js';

/** A page, and what its person has said on it. */
export interface Page {
  readonly client: SimulatedClient;
  /** What was given on it, in order; without what nobody could keep. */
  readonly given: Thing[];
  /** How many of them were given before it was loaded last. */
  givenBefore: number;
}

/** A message by its text, or a stroke by its points: no two have the same. */
export interface Thing {
  readonly is: 'message' | 'stroke';
  readonly content: string;
}

/** Everyone in one room, and the network between. Nothing moves in it but what a step moves. */
export class SimulatedWorld {
  readonly server: SimulatedServer;
  readonly pages: readonly Page[];
  #count = 0;

  constructor(sizes: ServerSizes) {
    const server = (this.server = new SimulatedServer(sizes));
    const devices = new Map<string, KeptOutboxes>();
    this.pages = PAGES.map(({ actor, device }) => {
      const outboxes = devices.get(device) ?? new KeptOutboxes();
      devices.set(device, outboxes);
      return { client: new SimulatedClient(actor, server, outboxes), given: [], givenBefore: 0 };
    });
    for (const { client } of this.pages) client.connect();
  }

  async take(step: Step): Promise<void> {
    if (step.do === 'calm') await this.#calm();
    else this.#do(step);
    await atRest();
  }

  /** Fair weather, until nothing moves any more. */
  async settle(): Promise<void> {
    for (let round = 0; round < 1_000; round += 1) {
      for (const { client } of this.pages) client.connect();
      await this.#calm();
      if (this.pages.every(({ client }) => client.clock.waiting === 0)) return;
      for (const { client } of this.pages) client.clock.advance(2_000);
    }
    assert.fail('something never comes to rest');
  }

  /** Carries all that is on its way, and what comes of it. */
  async #calm(): Promise<void> {
    for (let moved = true; moved;) {
      await atRest();
      const moving = this.pages.flatMap(({ client }) => client.letters.splice(0));
      for (const { deliver } of moving) deliver();
      moved = this.server.turn() || moving.length > 0;
    }
  }

  #do(step: Exclude<Step, { do: 'calm' }>): void {
    switch (step.do) {
      case 'turn':
        this.server.turn();
        return;
      case 'fail':
        return this.server.fail();
      case 'restore':
        for (const { client } of this.pages) client.cut();
        return this.server.restore(step.place);
      default:
    }
    const page = this.pages[step.page] ?? assert.fail();
    const { client } = page;
    const { record, letters } = client;
    switch (step.do) {
      case 'say': {
        const text = `said ${this.#next()}`;
        page.given.push({ is: 'message', content: text });
        record.own.submit(post(text));
        break;
      }
      case 'draw': {
        // Points that no other stroke has.
        const points = [
          { x: 0, y: 0 },
          { x: this.#next(), y: 1 },
        ];
        const encoded = encodeInk(points, { scale: -2, pressure: false });
        page.given.push({ is: 'stroke', content: encoded });
        return void record.own.submit(draw(strokeOf(step.shape, encoded)));
      }
      case 'vanish': {
        const command = {
          id: `kept-${this.#next()}`,
          body: keep(strokeOf(step.shape, 'AA')),
        } as const;
        return this.server.arrive({ actor: client.actor, command, answer: () => undefined });
      }
      case 'erase': {
        const visible = [...record.board.shapes.keys()];
        const named = visible[step.place % Math.max(1, visible.length)] ?? shapeId(step.place);
        return void record.own.submit(erase([named]));
      }
      case 'clear':
        return void record.own.submit(clear());
      case 'undo':
      case 'redo':
        return record.own.undoHistory[step.do]();
      case 'connect':
      case 'cut':
        return client[step.do]();
      case 'reload':
        // What is given before it is known who gives it is nobody's, and kept nowhere.
        if (!client.isKnown) page.given.splice(page.givenBefore);
        page.givenBefore = page.given.length;
        return client.reload(step.isTold);
      case 'wait':
        return client.clock.advance(step.ms);
      case 'carry':
        return letters.splice(step.place % Math.max(1, letters.length), 1)[0]?.deliver();
      case 'lose':
        letters.splice(step.place % Math.max(1, letters.length), 1);
        break;
      case 'double': {
        const letter = letters[step.place % Math.max(1, letters.length)];
        if (letter) letters.push(letter);
      }
    }
  }

  #next(): number {
    this.#count += 1;
    return this.#count;
  }
}

/** Lets go on what waits for nothing but its turn. */
function atRest(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve));
}
