import type { AnyStateMachine } from 'xstate';
import { Tally } from './tally.js';
import type { Delivered, Visits } from './visits.js';

/**
 * How often a recorded history took each transition and entered each state of these machines, over all their actors.
 *
 * @param records as `readTrace` gives them
 * @param actor counts this actor alone, and those within it: `package/screw-check@1.0.0`
 * @returns by machine id; a machine of which the history has no actor was visited nowhere
 * @throws whatever reading the records throws
 */
export async function countVisits(
  machines: readonly AnyStateMachine[],
  records: AsyncIterable<Delivered>,
  { actor }: { readonly actor?: string } = {},
): Promise<ReadonlyMap<string, Visits>> {
  const tallies = new Map(machines.map((machine) => [machine.id, new Tally(machine)]));
  for await (const record of records)
    if (actor === undefined || record.actor === actor || record.actor.startsWith(`${actor}/`))
      tallies.get(record.machine)?.add(record);
  return new Map([...tallies].map(([id, tally]) => [id, tally.visits]));
}
