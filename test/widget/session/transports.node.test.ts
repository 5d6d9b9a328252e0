import assert from 'node:assert/strict';
import { test } from 'node:test';

import { realPlatform } from '../../../widget/session/platform.js';
import { TransportChoice } from '../../../widget/session/transports.js';

test('one way to be connected is tried after the other, and then all of them anew', async () => {
  const choice = new TransportChoice(realPlatform());
  assert.deepEqual(await choice.load(), ['websocket']);
  assert.equal(choice.turn(), true);
  assert.equal(choice.present, 'polling');
  // And from there up to a WebSocket.
  assert.equal((await choice.load()).length, 2);
  assert.equal(choice.turn(), false);
  assert.equal(choice.present, 'websocket');
});

test('who wants long-polling alone gets nothing else', async () => {
  const choice = new TransportChoice(realPlatform(), ['polling']);
  assert.equal((await choice.load()).length, 1);
  assert.equal(choice.turn(), false);
  assert.equal(choice.present, 'polling');
});

test('long-polling that can not be loaded does not stand in the way of a WebSocket', async () => {
  const choice = new TransportChoice(realPlatform(), undefined, () => Promise.reject(new TypeError('no network')));
  choice.turn();
  await assert.rejects(choice.load(), TypeError);
  assert.equal(choice.present, 'websocket');
});
