import type { Page } from 'puppeteer-core';

/** What a page received over its WebSockets. */
export interface Traffic {
  /** Messages. */
  readonly frames: number;
  /** Bytes of their payloads, without WebSocket's own header. */
  readonly bytes: number;
  /** The most messages in any one second. */
  readonly framesPerSecond: number;
}

/** Counts what a page receives over WebSockets, as the browser itself sees it. */
export class FrameMeter {
  #arrivals: { readonly at: number; readonly bytes: number }[] = [];

  static async on(page: Page): Promise<FrameMeter> {
    const meter = new FrameMeter();
    const devtools = await page.createCDPSession();
    devtools.on('Network.webSocketFrameReceived', ({ timestamp, response }) => {
      meter.#arrivals.push({ at: timestamp, bytes: Buffer.byteLength(response.payloadData) });
    });
    await devtools.send('Network.enable');
    return meter;
  }

  /** Counts from here on. */
  reset(): void {
    this.#arrivals = [];
  }

  read(): Traffic {
    const times = this.#arrivals.map(({ at }) => at);
    const within = times.map(start => times.filter(at => at >= start && at < start + 1).length);
    return {
      frames: times.length,
      bytes: this.#arrivals.reduce((sum, { bytes }) => sum + bytes, 0),
      framesPerSecond: Math.max(0, ...within),
    };
  }
}
