import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import { LIMITS } from '../../../protocol/limits.js';
import { DEFAULT_RATES } from '../../../server/limits/rates.js';
import { guardedParser, isDeeper } from '../../../server/realtime/packet-guard.js';

function decoder(rates: Partial<typeof DEFAULT_RATES> = {}, now = () => 0) {
  const { Decoder } = guardedParser({ ...DEFAULT_RATES, ...rates }, now);
  const made = new Decoder();
  const packets: unknown[] = [];
  made.on('decoded', packet => packets.push(packet.data));
  return { packets, add: (packet: unknown) => made.add(packet) };
}

const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);

test('what clients of ours send is read', () => {
  const { packets, add } = decoder();
  add('0/v1,{"token":"x","protocol":1}');
  add('2/v1,17["join",{"room":"a"}]');
  add('2/v1,["l",1,["more","AA"]]');
  add('1/v1,');
  assert.deepEqual(packets, [
    { token: 'x', protocol: 1 },
    ['join', { room: 'a' }],
    ['l', 1, ['more', 'AA']],
    undefined,
  ]);
});

suite('what no client of ours sends is not even parsed', () => {
  const packets: Record<string, unknown> = {
    'a binary event': '51-/v1,["l",{"_placeholder":true,"num":0}]',
    'a binary acknowledgement': '61-/v1,1[{"_placeholder":true,"num":0}]',
    'an attachment': Buffer.from('hello'),
    'an unknown type': '9/v1,["x"]',
    'no type': '["x"]',
    nothing: '',
    'too deep': `2/v1,["x",${nested(LIMITS.packetDepth)}]`,
    'too deep behind a quote in the namespace': `2/v1",["x",${nested(100)}]`,
    'too deep behind a bracket in the namespace': `2/["v1,["x",${nested(100)}]`,
    'too deep in the handshake': `0/v1,{"token":${nested(100)}}`,
    'too deep behind an escaped quote': `2/v1,["\\"",${nested(100)}]`,
    'too deep behind an escaped backslash': `2/v1,["\\\\",${nested(100)}]`,
    'too large': `2/v1,["x","${'x'.repeat(LIMITS.packetBytes)}"]`,
    'an endless acknowledgement id': `2/v1,${'1'.repeat(400)}["x"]`,
    'half a packet': '2/v1,["join",{"room":',
  };
  for (const [name, packet] of Object.entries(packets)) {
    test(name, () => {
      const { packets: read, add } = decoder();
      assert.throws(() => add(packet));
      assert.deepEqual(read, []);
    });
  }
});

test('depth is counted outside of strings', () => {
  assert.equal(isDeeper(nested(3), 0, 3), false);
  assert.equal(isDeeper(nested(4), 0, 3), true);
  assert.equal(isDeeper('["[[[[[", "\\"[[[[[", "\\\\", []]', 0, 2), false);
  assert.equal(isDeeper('["\\\\\\\\", [[[]]]]', 0, 3), true);
  assert.equal(isDeeper('"never closed [[[[', 0, 1), false);
});

test('too many packets, or too large ones, are refused with the time until all of them would be read again', () => {
  let now = 0;
  const { add } = decoder({ packets: { perSecond: 1, burst: 3 } }, () => now);
  for (let sent = 0; sent < 3; sent += 1) add('1/v1,');
  assert.throws(() => add('1/v1,'), { code: 'connection_messages_limited', retryAfter: 3_000 });
  now = 3_000;
  for (let sent = 0; sent < 3; sent += 1) add('1/v1,');
  const { add: addLarge } = decoder({ packetSize: { perSecond: 100, burst: 100 } });
  const large = `2/v1,["${'x'.repeat(90)}"]`;
  addLarge(large);
  assert.throws(() => addLarge(large), { code: 'connection_bytes_limited', retryAfter: 990 });
});

test('nobody asks to be let in again and again', () => {
  const { add } = decoder();
  for (let asked = 0; asked < 10; asked += 1) add(`0/namespace-${asked},`);
  assert.throws(() => add('0/v1,{"token":"x","protocol":1}'), { code: 'invalid_input' });
});
