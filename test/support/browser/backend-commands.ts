/** What a browser test may ask of the test runner's backend plugin: the payload and the answer of each command. */
import type { NetworkMode } from './network-proxy.js';

/** Whose token, and for what. */
export interface TokenRequest {
  /** Default: the first site of the backend. */
  readonly site?: string;
  /** The person's id. */
  readonly person: string;
  /** Default: the person's id. */
  readonly name?: string;
  /** Grants as in the claim `rooms`. */
  readonly rooms: Readonly<Record<string, 'viewer' | 'member' | 'moderator'>>;
  /** Seconds until it ends; default an hour. */
  readonly lifetime?: number;
}

/** Which backend is meant. */
interface Named {
  readonly backend: string;
}

export interface BackendCommands {
  'chalk-start': { payload: Record<string, never>; answer: { backend: string; url: string; sites: readonly string[] } };
  'chalk-token': { payload: Named & { request: TokenRequest }; answer: string };
  'chalk-network': { payload: Named & { mode: NetworkMode }; answer: null };
  'chalk-cut': { payload: Named; answer: null };
  'chalk-upgrades': { payload: Named; answer: number };
  'chalk-restart': { payload: Named; answer: null };
  'chalk-close': { payload: Named; answer: null };
}

export type CommandName = keyof BackendCommands;
