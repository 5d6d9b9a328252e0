import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { amendment } from '../../../../widget/element/diagnosis/policy-watch.js';

describe('what to write into a policy', () => {
  const sources = ['https://chalk.example.com', 'wss://chalk.example.com'];
  const all = sources.join(' ');

  test('adds to the directive that is there, and keeps what it allowed', () => {
    const said = amendment('connect-src', sources, "default-src 'none'; Connect-Src 'self' https://cdn.example");
    assert.equal(said, `write \`connect-src 'self' https://cdn.example ${all}\`.`);
  });

  test('repeats what `default-src` allowed, since the new directive takes its place', () => {
    const said = amendment('connect-src', sources, "default-src 'self' https://cdn.example; img-src *");
    const directive = `connect-src 'self' https://cdn.example ${all}`;
    assert.equal(said, `write \`${directive}\`, since without one \`default-src\` holds.`);
  });

  test('does not repeat `none`, which allows nothing, nor what is wanted', () => {
    assert.equal(amendment('connect-src', sources, "connect-src 'none'"), `write \`connect-src ${all}\`.`);
    assert.equal(amendment('connect-src', sources, `connect-src ${sources[0]}`), `write \`connect-src ${all}\`.`);
  });

  test('goes by the first directive of a name, as browsers do', () => {
    const said = amendment('connect-src', sources, "connect-src 'self'; connect-src https://other.example");
    assert.equal(said, `write \`connect-src 'self' ${all}\`.`);
  });
});
