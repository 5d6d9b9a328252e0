/**
 * A reporter that tells what tests measured and how many there were, a line each, and nothing else:
 * the figures that `npm run prove` ends with. Properties tell their seeds, which are no figures.
 */
const SEED_OF_PROPERTY = /^seed \d+, \d+ cases$/;
const COUNT = /^(?:pass|fail|cancelled|skipped) \d+$/;

export default async function* figures(events) {
  let name = '';
  const counts = [];
  for await (const { type, data } of events) {
    if (type === 'test:pass' || type === 'test:fail') name = data.name;
    if (type === 'test:fail') yield `FAILED: ${data.name}\n`;
    if (type !== 'test:diagnostic') continue;
    if (COUNT.test(data.message)) counts.push(data.message);
    else if (data.file !== undefined && !SEED_OF_PROPERTY.test(data.message)) yield `${name}\n    ${data.message}\n`;
  }
  yield `tests: ${counts.join(', ')}\n`;
}
