import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';

/**
 * The usual tutorial way, to compare with: a page that emits one JSON segment for each pointer
 * event, with coordinates as fractions of the canvas, and a server that broadcasts it as it came.
 * No rooms, no tokens, nothing kept.
 */
export async function startTutorialRelay(): Promise<{ readonly url: string; close(): Promise<void> }> {
  const client = await readFile(createRequire(import.meta.url).resolve('socket.io-client/dist/socket.io.js'));
  const http = createServer((request, response) => {
    if (request.url === '/client.js') response.setHeader('content-type', 'text/javascript').end(client);
    else response.setHeader('content-type', 'text/html').end(PAGE);
  });
  const io = new Server(http, { serveClient: false });
  io.on('connection', socket => {
    socket.on('drawing', (segment: unknown) => socket.broadcast.emit('drawing', segment));
  });
  await new Promise<void>(listening => http.listen(0, '127.0.0.1', listening));
  const { port } = http.address() as AddressInfo;
  return { url: `http://127.0.0.1:${String(port)}/`, close: () => io.close() };
}

const PAGE = `<!doctype html>
<title>The tutorial's whiteboard</title>
<style>body { margin: 0 } canvas { width: 100vw; height: 100vh; display: block }</style>
<canvas></canvas>
<script src="/client.js"></script>
<script>
  const socket = io({ transports: ['websocket'] });
  socket.on('connect', () => (document.title = 'connected'));
  const canvas = document.querySelector('canvas');
  const context = canvas.getContext('2d');
  canvas.width = innerWidth;
  canvas.height = innerHeight;
  let last;
  const line = ({ x0, y0, x1, y1, color }) => {
    context.strokeStyle = color;
    context.beginPath();
    context.moveTo(x0 * canvas.width, y0 * canvas.height);
    context.lineTo(x1 * canvas.width, y1 * canvas.height);
    context.stroke();
  };
  canvas.onmousedown = event => (last = event);
  canvas.onmouseup = () => (last = undefined);
  canvas.onmousemove = event => {
    if (!last) return;
    const segment = {
      x0: last.clientX / canvas.width, y0: last.clientY / canvas.height,
      x1: event.clientX / canvas.width, y1: event.clientY / canvas.height, color: 'black',
    };
    last = event;
    line(segment);
    socket.emit('drawing', segment);
  };
  socket.on('drawing', line);
</script>`;
