/** Some of the items after the other, at most `size` in a group: what is sent to Redis is neither one endless command nor thousands at once. */
export function* inGroups<Item>(items: readonly Item[], size: number): Iterable<readonly Item[]> {
  for (let first = 0; first < items.length; first += size) yield items.slice(first, first + size);
}
