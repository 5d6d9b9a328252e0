/**
 * What a browser test may ask of the test runner's backend plugin: the payload and the answer of
 * each command.
 */
import type { BackendOptions } from '../backend.js';
import type { TokenRequest } from '../tokens.js';
import type { NetworkMode } from './network-proxy.js';

/** What a test may choose about its backend; both sites list the test page's origin. */
export type StartRequest = Pick<BackendOptions, 'guests' | 'limits' | 'rates'>;

/** Which backend is meant. */
interface Named {
  readonly backend: string;
}

export interface BackendCommands {
  'chalk-start': { payload: StartRequest; answer: { backend: string; url: string; sites: readonly string[] } };
  'chalk-token': { payload: Named & { request: TokenRequest }; answer: string };
  'chalk-network': { payload: Named & { mode: NetworkMode }; answer: null };
  'chalk-cut': { payload: Named; answer: null };
  'chalk-upgrades': { payload: Named; answer: number };
  'chalk-stop': { payload: Named; answer: null };
  'chalk-start-again': { payload: Named; answer: null };
  'chalk-restart': { payload: Named; answer: null };
  'chalk-close': { payload: Named; answer: null };
}

export type CommandName = keyof BackendCommands;
