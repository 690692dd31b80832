/** Maps with at most `limit` of them under way; results in the order of the items. */
export async function mapLimited<A, B>(
  items: readonly A[],
  limit: number,
  map: (item: A) => Promise<B>,
): Promise<readonly B[]> {
  const results: B[] = [];
  const queue = items.entries();
  const work = async (): Promise<void> => {
    for (const [place, item] of queue) results[place] = await map(item);
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, work));
  return results;
}
