import { setTimeout as pause } from 'node:timers/promises';

import type { RawWebSocket } from '../faults/raw-websocket.js';

/** Milliseconds in which a connection that is closed for what it sent has ended. */
const PATIENCE = 5_000;

/** What became of a connection that should be closed: the code of its `bye` where there was one, and `closed`. Ends it in any case. */
export async function endOf(socket: RawWebSocket, within = PATIENCE): Promise<string> {
  let code = '';
  const ended = socket
    .hears(text => {
      code ||= byeCode(text);
      return false;
    })
    .catch(() => 'closed');
  const patience = new AbortController();
  const verdict = await Promise.race([ended, pause(within, 'still open', { signal: patience.signal })]);
  patience.abort();
  socket.close();
  return code === '' ? verdict : `${code}, ${verdict}`;
}

function byeCode(packet: string): string {
  return /^42\/v1,\["bye".*"code":"(\w+)"/.exec(packet)?.[1] ?? '';
}
