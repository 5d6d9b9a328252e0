import type { RoomCommand } from './room-command.js';

/**
 * One text for one command body, whatever order its members came in: equal bodies have equal texts, different ones differ.
 * Its digest tells a command that is sent again from another one under a used id.
 */
export function canonicalCommand(body: RoomCommand): string {
  return JSON.stringify([body.type, ...membersOf(body)]);
}

function membersOf(body: RoomCommand): readonly unknown[] {
  switch (body.type) {
    case 'message.post':
      return [body.text];
    case 'shape.draw':
    case 'shape.keep': {
      const { id, kind, color, width, scale, pressure, points } = body.stroke;
      return [id, kind, color, width, scale, pressure, points];
    }
    case 'shapes.erase':
      return body.shapes;
    case 'board.clear':
      return [];
    case 'command.undo':
      return [body.command];
  }
}
