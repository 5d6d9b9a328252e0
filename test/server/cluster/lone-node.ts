/**
 * A node in a process of its own, for what ends or halts a process:
 * `lone-node.js URL PREFIX ROOM NAME`. It says its id once somebody is in the room.
 */
import { createLog } from '../../../server/log.js';
import { openRedis } from '../../../server/cluster/redis/open-redis.js';
import { roomKey } from '../../support/room-key.js';
import { Heard, peer } from './heard.js';
import { TIMES } from './nodes-on-redis.js';

const [url = '', prefix = '', room = '', name = ''] = process.argv.slice(2);
const node = await openRedis({ url, prefix, log: createLog('silent'), times: TIMES });
const link = node.link(roomKey('acme', room), new Heard());
link.came([peer(1, name)]);
await link.ready;
process.stdout.write(`node ${node.node}\n`);
