import { measureDelivery } from './figures/delivery.js';
const [rooms = 1, size = 200, rate = 1000, rounds = 1, measured = 5] = process.argv.slice(2).map(Number);
console.log(await measureDelivery({ rooms, size, rate }, { warmUp: 3, measured }, rounds));
