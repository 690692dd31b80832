import { visibleText } from '../base/errors/index.js';
import { literal, quoted } from './literal.js';
import type { Sequence } from './sequence.js';

export interface TestImports {
  /** Module of the machines, as the test file names it. */
  readonly machines: string;
  /** Module that steps machines. */
  readonly library: string;
}

export const PACKAGE_IMPORTS: TestImports = {
  machines: 'procvision-runner/machines',
  library: 'procvision-runner/trace',
};

/**
 * A sequence as a regression test: the events in their order, with the state each leads to and what the machine asks for.
 *
 * @param source the trace it is of, for whoever reads it
 */
export function testOf(sequence: Sequence, source: string, imports: TestImports = PACKAGE_IMPORTS): string {
  const { actor, machine, version, start, steps } = sequence;
  const [first, last] = [steps[0]?.seq ?? 0, steps.at(-1)?.seq ?? 0];
  return [
    `import { expect, test } from 'vitest';`,
    `import type { AnyEventObject } from 'xstate';`,
    `import { ${machine}Machine } from ${quoted(imports.machines)};`,
    `import { actText, stateOf, Stepper } from ${quoted(imports.library)};`,
    ``,
    `/**`,
    ` * ${inComment(actor)}, records ${first} to ${last} of ${inComment(source)}, machine version ${inComment(version)}.`,
    ` * Written by \`procvision trace export-test\`.`,
    ` */`,
    `const stepper = Stepper.of(${machine}Machine);`,
    ``,
    ...(start === null ? [] : startLines(start)),
    `/** Event, the state it leads to, what the machine asks for. */`,
    `const STEPS: readonly (readonly [event: AnyEventObject, state: string, acts: readonly string[]])[] = [`,
    ...steps.flatMap(({ seq, event, state, acts }) => [`  // ${seq}`, `  ${literal([event, state, acts], 2)},`]),
    `];`,
    ``,
    `test(${quoted(titleOf(sequence))}, () => {`,
    `  let snapshot = ${start === null ? 'stepper.initial(STEPS[0]?.[0].input).snapshot' : 'stepper.restored(START.state, START.context, START.children)'};`,
    `  for (const [event, state, acts] of STEPS) {`,
    `    const step = event.type === 'xstate.init' ? stepper.initial(event['input']) : stepper.step(snapshot, event);`,
    `    expect({ event, state: stateOf(step.snapshot), acts: step.acts.map(actText) }).toEqual({ event, state, acts });`,
    `    snapshot = step.snapshot;`,
    `  }`,
    `});`,
    ``,
  ]
    .join('\n')
    .replace('STEPS[0]?.[0].input', "STEPS[0]?.[0]['input']");
}

/** A path holds what a product is called, a file is called as somebody likes: none of it may end the comment. */
const inComment = (text: string): string => visibleText(text).replaceAll('*/', '*\\/');

const startLines = (start: NonNullable<Sequence['start']>): readonly string[] => [
  `/** Where it stood before, as far as the run until then had led it. */`,
  `const START = ${literal(start, 0, 'const START = '.length)};`,
  ``,
];

/** `package/screw-check@1.0.0 goes from Running to Executing, Running.Restarting, Running`. */
function titleOf({ actor, start, steps }: Sequence): string {
  const states = steps.map(({ state }) => state).filter((state, i, all) => state !== all[i - 1]);
  const from = start?.state ?? 'its begin';
  const way = states[0] === from ? states.slice(1) : states;
  const shown = way.length > STATES_SHOWN ? [...way.slice(0, STATES_SHOWN - 1), '…', ...way.slice(-1)] : way;
  return `${actor} goes from ${from} ${way.length === 0 ? 'nowhere' : `to ${shown.join(', ')}`}`;
}

const STATES_SHOWN = 6;
