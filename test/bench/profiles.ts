import { profile } from './figures/profile.js';
import type { Times } from './figures/delivery.js';
import { printed } from './report.js';

/** Places that are named, each; the rest is small. */
const NAMED = 25;
const SCENES = [
  { rooms: 1, size: 200, rate: 1_000 },
  { rooms: 20, size: 50, rate: 1_000 },
];

/** Says, for both servers in both scenes, what the time of their threads goes into. */
export async function printProfiles(times: Times): Promise<void> {
  for (const scene of SCENES) {
    for (const dialect of ['relay', 'chalk-talk'] as const) {
      for (const { busy, places } of (await profile(dialect, scene, times)).slice(0, 2)) {
        const title = `${dialect}, ${String(scene.rooms)} × ${String(scene.size)}: a thread that was busy for ${busy.toFixed(1)} s`;
        const rows = places.slice(0, NAMED).map(({ place, share }) => [place, `${(share * 100).toFixed(1)} %`]);
        console.log(printed({ title, columns: ['place', 'share'], rows }));
      }
    }
  }
}
