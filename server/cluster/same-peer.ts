import type { Peer } from '../../protocol/conversation.js';

/** Whether a peer is who they were known to be, is called so and has the same role. By which number is no matter: each node has its own. */
export function isSamePeer(known: Omit<Peer, 'peer'> | undefined, { person, role }: Omit<Peer, 'peer'>): boolean {
  return (
    known?.role === role &&
    known.person.id === person.id &&
    known.person.name === person.name &&
    known.person.guest === person.guest
  );
}
