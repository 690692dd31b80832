import { childrenOf } from './keywords.js';
import type { Subschema } from './keywords.js';
import type { SchemaIndex } from './schema-index.js';

export interface InPlace {
  /** A subschema that leads back to itself on the same value: checking a value with it does not come to an end. */
  readonly loop?: Subschema;
  /** How many subschemas one value may be checked with at most, each reference followed. */
  readonly visitsMax: number;
}

interface Frame {
  readonly schema: Subschema;
  readonly targets: readonly Subschema[];
  next: number;
  visits: number;
}

/** Follows everything that looks at the same value: a way that returns is a loop, ways that part and meet multiply. */
export function inPlaceOf(index: SchemaIndex): InPlace {
  const visits = new Map<Subschema, number | 'open'>();
  let visitsMax = 0;
  for (const { schema } of index.subschemas()) {
    const stack = visits.has(schema) ? [] : [open(schema)];
    for (let frame = stack.at(-1); frame !== undefined; frame = stack.at(-1)) {
      const target = frame.targets[frame.next];
      const known = target === undefined ? undefined : visits.get(target);
      if (known === 'open') return { loop: frame.schema, visitsMax };
      if (target === undefined) {
        visits.set(frame.schema, frame.visits);
        visitsMax = Math.max(visitsMax, frame.visits);
        stack.pop();
      } else if (known === undefined) {
        stack.push(open(target));
      } else {
        frame.visits += known;
        frame.next += 1;
      }
    }
  }
  return { visitsMax };

  function open(schema: Subschema): Frame {
    visits.set(schema, 'open');
    const children = [...childrenOf(schema)].filter(({ inPlace }) => inPlace).map((child) => child.schema);
    const targets = [...children, ...index.targetsOf(schema).map((target) => target.schema)];
    return { schema, targets, next: 0, visits: 1 };
  }
}
