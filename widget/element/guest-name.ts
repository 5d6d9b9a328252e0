import { keep, recall } from '../keep.js';

/** Where someone is a guest. */
export interface GuestSite {
  /** Origin of the backend. */
  readonly server: string;
  readonly site: string;
}

/** Under which name the browser keeps something of a guest: for each server and site. */
export function guestKey({ server, site }: GuestSite, what: 'name' | 'token'): string {
  return `chalk-talk:guest:${server}:${site}:${what}`;
}

/** The name that the guest gave the last time. */
export function guestName(guest: GuestSite): string | undefined {
  return recall('localStorage', guestKey(guest, 'name'));
}

export function keepGuestName(guest: GuestSite, name: string): void {
  keep('localStorage', guestKey(guest, 'name'), name);
}
