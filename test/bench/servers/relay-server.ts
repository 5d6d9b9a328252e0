/**
 * The peer to compare with: a bare Socket.IO relay. Nobody is asked who they are, nothing is
 * checked and nothing is kept; what one sends, everyone in the room gets.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { Server } from 'socket.io';

import { answerParent } from '../ask.js';
import { measured } from './measured.js';

const http = createServer();
const io = new Server(http, { serveClient: false, perMessageDeflate: false });
io.on('connection', socket => {
  let joined = '';
  socket.on('join', (room: string, answer: () => void) => {
    joined = room;
    void socket.join(room);
    answer();
  });
  socket.on('message', (text: string, answer: () => void) => {
    io.to(joined).emit('message', text);
    answer();
  });
});

const answers = {
  ...measured,
  start: (): Promise<number> =>
    new Promise(resolve => {
      http.listen(0, '127.0.0.1', () => resolve((http.address() as AddressInfo).port));
    }),
  close: () => io.close(),
};
export type RelayAnswers = typeof answers;

answerParent(answers);
