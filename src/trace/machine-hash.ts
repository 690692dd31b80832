import { createHash } from 'node:crypto';
import type { AnyStateMachine } from 'xstate';

/** Twelve hex digits that change when the machine's states, transitions, guards, actions or delays do, and not with its words and tags. */
export function machineHash(machine: AnyStateMachine): string {
  const text = JSON.stringify(machine.toJSON(), (key, value: unknown) =>
    key === 'meta' || key === 'description' ? undefined : key === 'tags' ? [] : value,
  );
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}
