/** Rows over rows, against a copy that is changed in the same way. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import fc from 'fast-check';

import { LayeredRows } from '../../../widget/session/layered-rows.js';

const key = fc.nat({ max: 7 });
const steps = fc.array(
  fc.oneof(fc.record({ do: fc.constant('set' as const), key }), fc.record({ do: fc.constant('delete' as const), key })),
  { maxLength: 30 },
);

test('it reads like a copy that was changed, and what is below stays as it was', () => {
  fc.assert(
    fc.property(fc.uniqueArray(key), steps, (keys, script) => {
      const base = new Map(keys.map(each => [each, `below ${each}`]));
      const copy = new Map(base);
      const rows = new LayeredRows(base);
      for (const [index, step] of script.entries()) {
        if (step.do === 'set') {
          copy.set(step.key, `row ${index}`);
          rows.set(step.key, `row ${index}`);
        } else assert.equal(rows.delete(step.key), copy.delete(step.key));
        assert.deepEqual([...rows.values()], [...copy.values()]);
        for (let each = 0; each < 8; each += 1) {
          assert.deepEqual([rows.has(each), rows.get(each)], [copy.has(each), copy.get(each)]);
        }
      }
      assert.deepEqual([...base.keys()], keys);
      for (let each = 0; each < 8; each += 1) rows.uncover(each);
      assert.deepEqual([...rows.values()], [...base.values()]);
    }),
  );
});

test('what is new below is seen, and a null is a row', () => {
  const base = new Map<string, number | null>([['a', 1]]);
  const rows = new LayeredRows(base);
  rows.set('a', null);
  base.set('b', 2);
  assert.deepEqual([rows.get('a'), rows.get('b'), [...rows.values()]], [null, 2, [null, 2]]);
});
