import type { RawWebSocket } from '../faults/raw-websocket.js';
import { within } from '../support/patience.js';

/** Milliseconds in which a connection that is closed for what it sent has ended. */
const PATIENCE = 5_000;

/**
 * What became of a connection that should be closed: the code of its `bye` where there was one, and
 * `closed`. Ends it in any case.
 */
export async function endOf(socket: RawWebSocket, patience = PATIENCE): Promise<string> {
  let code = '';
  const ended = socket
    .hears(text => {
      code ||= byeCode(text);
      return false;
    })
    .catch(() => 'closed');
  const verdict = await within(patience, ended, () => '').catch(() => 'still open');
  socket.close();
  return code === '' ? verdict : `${code}, ${verdict}`;
}

function byeCode(packet: string): string {
  return /^42\/v1,\["bye".*"code":"(\w+)"/.exec(packet)?.[1] ?? '';
}
