/** What to do next, after something was added. */
import type { NewKeyAnswer, SiteReport } from '../../protocol/schema/admin.js';
import type { Screen } from './screen.js';

export function siteNextSteps(screen: Screen, { id, origins, guests }: SiteReport, url: string): void {
  screen.line();
  screen.line('Next');
  if (origins.length === 0)
    screen.line(`- List where its pages are: chalk-talk sites origins add ${id} https://www.example.com`);
  const [rule] = Object.keys(guests);
  if (rule === undefined) {
    screen.line(`- Give its server a key: chalk-talk keys add ${id}`);
    screen.line(`- Or admit guests, without tokens: chalk-talk sites guests set ${id} 'open-*=member'`);
    return;
  }
  const room = rule.replace(/\*$/, 'lobby');
  screen.line(`- Paste into a page, for guests in the room ${room}:`);
  snippet(screen, url, `site="${id}" room="${room}"`);
}

export function keyNextSteps(screen: Screen, site: string, key: NewKeyAnswer, url: string): void {
  screen.line(`The site ${site} has a new key ${key.kid} (${key.algorithm}).`);
  showSecret(screen, key);
  screen.line();
  screen.line('Next');
  screen.line(
    `- Let the site's server sign tokens with it: \`kid\` "${key.kid}", \`iss\` "${site}", \`aud\` "chalk-talk".`,
  );
  screen.line('- Paste into a page, for the room algebra-101:');
  snippet(screen, url, `site="${site}" room="algebra-101" token-url="/chalk-token"`);
  if (key.algorithm === 'HS256') {
    screen.line(`- Or try it out: chalk-talk tokens sign ${site} --person ann --name Ann --room algebra-101=member`);
  }
}

export function rotationNextSteps(screen: Screen, site: string, old: string, key: NewKeyAnswer): void {
  screen.line(`The site ${site} has a new key ${key.kid} (${key.algorithm}) beside ${old}; both are valid.`);
  showSecret(screen, key);
  screen.line();
  screen.line('Next');
  screen.line(`1. Let the site's server sign with ${key.kid}.`);
  screen.line(
    `2. Wait until the tokens of ${old} have ended: 24 hours at most. The widget fetches new ones by itself.`,
  );
  screen.line(`3. End the old key: chalk-talk keys revoke ${site} ${old}`);
}

function showSecret(screen: Screen, { secret }: NewKeyAnswer): void {
  if (secret === undefined) return;
  screen.line();
  screen.line(`secret  ${secret}`);
  screen.line(
    'This is the only time that it is shown. Whoever has it can sign in as anyone: keep it out of pages and of version',
  );
  screen.line('control. Use the text as it stands (its UTF-8 bytes are the key; it is not to be decoded).');
}

function snippet(screen: Screen, url: string, attributes: string): void {
  screen.line();
  screen.line(`  <script type="module" src="${url}/v1/chalk-talk.js"></script>`);
  screen.line(`  <chalk-talk ${attributes}></chalk-talk>`);
  screen.line();
}
