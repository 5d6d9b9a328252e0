import assert from 'node:assert/strict';
import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { suite, test } from 'node:test';

import { addressGroup, addressNetwork, clientAddress } from '../../server/client-address.js';

function asked(peer: string, forwarded?: string): IncomingMessage {
  const socket = new Socket();
  Object.defineProperty(socket, 'remoteAddress', { value: peer });
  const request = new IncomingMessage(socket);
  if (forwarded !== undefined) request.headers['x-forwarded-for'] = forwarded;
  return request;
}

suite('the address of who asks', () => {
  test('is the peer, whatever a header says, where there is no proxy', () => {
    assert.equal(clientAddress(asked('10.0.0.1', '1.2.3.4'), 0), '10.0.0.1');
    assert.equal(clientAddress(asked('::ffff:10.0.0.1', '1.2.3.4'), 0), '10.0.0.1');
  });

  test('is what the outermost of our proxies was asked by', () => {
    const chain = '6.6.6.6, 1.2.3.4, 10.0.0.2';
    assert.equal(clientAddress(asked('10.0.0.1', chain), 1), '10.0.0.2');
    assert.equal(clientAddress(asked('10.0.0.1', chain), 2), '1.2.3.4');
  });

  test('who comes in behind a proxy is named by the next one', () => {
    assert.equal(clientAddress(asked('10.0.0.1', '10.0.0.9'), 2), '10.0.0.9');
    assert.equal(clientAddress(asked('10.0.0.1'), 2), '10.0.0.1');
  });

  test('is read in every way in which proxies write it', () => {
    for (const [said, address] of [
      ['1.2.3.4:5678', '1.2.3.4'],
      ['[2001:DB8::1]:443', '2001:db8::1'],
      ['2001:db8::1', '2001:db8::1'],
      ['fe80::1%eth0', 'fe80::1'],
      ['::ffff:1.2.3.4', '1.2.3.4'],
      ['unknown', '10.0.0.1'],
      ['', '10.0.0.1'],
      ['1.2.3.4.5', '10.0.0.1'],
    ] as const) {
      assert.equal(clientAddress(asked('10.0.0.1', said), 1), address, said);
    }
  });
});

test('an IPv6 network counts as one, an IPv4 address for itself', () => {
  for (const [address, group] of [
    ['1.2.3.4', '1.2.3.4'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::', '2001:db8:1:2::/64'],
    ['2001:0db8:0001:0002::9', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['64:ff9b::1.2.3.4', '64:ff9b:0:0::/64'],
    ['', ''],
  ] as const) {
    assert.equal(addressGroup(address), group, address);
  }
});

test('what a provider hands out at most is one network, where there is such a thing', () => {
  assert.equal(addressNetwork('1.2.3.4'), undefined);
  assert.equal(addressNetwork('2001:0db8:0001:2:3:4:5:6'), '2001:db8:1::/48');
  assert.equal(addressNetwork('2001:db8::1'), '2001:db8:0::/48');
});
