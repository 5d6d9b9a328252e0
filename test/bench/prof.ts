import { profile } from './figures/profile.js';
const [dialect = 'chalk-talk', rooms = '20', size = '50'] = process.argv.slice(2);
const threads = await profile(
  dialect as 'relay',
  { rooms: +rooms, size: +size, rate: 1000 },
  { warmUp: 3, measured: 8 },
);
for (const { busy, places } of threads) {
  console.log(`busy ${busy.toFixed(1)} s`);
  for (const { place, share } of places.slice(0, 42)) console.log(`  ${(share * 100).toFixed(1).padStart(5)} ${place}`);
}
