/** What runs a test, as far as tear-down goes: `t` of node:test is one. */
export interface Scope {
  after(tearDown: () => Promise<void>): void;
}
