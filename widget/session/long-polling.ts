import { NodeXHR, WebSocket, XHR } from 'engine.io-client';

const Polling = typeof XMLHttpRequest === 'undefined' ? NodeXHR : XHR;

/**
 * Long-polling, which few networks need: this module is loaded only where a WebSocket can't be had,
 * and is no part of the first load. From polling the connection still tries to move up to a
 * WebSocket, unless that is not wanted at all.
 */
export const longPolling = { alone: [Polling], first: [Polling, WebSocket] };
