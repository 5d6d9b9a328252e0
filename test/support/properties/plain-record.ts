import fc from 'fast-check';

/** A record as programs write it, and print it: with the usual prototype, every member present. */
export function plainRecord<Members extends object>(members: {
  [Key in keyof Members]: fc.Arbitrary<Members[Key]>;
}): fc.Arbitrary<Members> {
  return fc.record<Members>(members, { noNullPrototype: true });
}
