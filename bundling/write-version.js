/** The element's version stands in widget/package.json; the build writes it down for its code. */
import { readFileSync, writeFileSync } from 'node:fs';

const FILE = 'widget/version.ts';

const { version } = JSON.parse(readFileSync('widget/package.json', 'utf8'));
const text = `/** The version in package.json, by the build (bundling/write-version.js). */
export const VERSION = '${version}';
`;
// Not written where nothing changed: the compiler and who watches it would begin anew.
if (readFileSync(FILE, { encoding: 'utf8', flag: 'a+' }) !== text) writeFileSync(FILE, text);
