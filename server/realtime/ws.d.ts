/**
 * The part of `ws` that frames messages: its package has no types of its own, and those that others
 * keep leave it out.
 */
declare module 'ws' {
  interface FrameOptions {
    readonly fin: boolean;
    readonly opcode: number;
    readonly mask: boolean;
    readonly readOnly: boolean;
    readonly rsv1: boolean;
  }

  export const Sender: { frame(data: Buffer, options: FrameOptions): readonly Buffer[] };
}
