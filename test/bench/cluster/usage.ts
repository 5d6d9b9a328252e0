/** How much each of some figures has risen. */
export function spentSince<Figures extends Readonly<Record<keyof Figures, number>>>(
  now: Figures,
  before: Figures,
): Figures {
  const entries = Object.entries<number>(now).map(([name, value]) => [name, value - before[name as keyof Figures]]);
  return Object.fromEntries(entries) as Figures;
}
