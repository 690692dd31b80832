import { assign, createActor, sendParent, sendTo, setup } from 'xstate';
import { decorate } from '../../../src/trace/index.js';
import type { TraceRecord } from '../../../src/trace/index.js';
import { readAll, recorderIn, scratchFolder } from './traces.js';

/** Three generations, as Runner, package and process are, small enough to see through. */
type Down = { type: 'go'; n: number } | { type: 'boom' };

const grandchild = setup({
  types: { context: {} as { n: number }, events: {} as Down },
  actions: {
    answer: sendParent(({ context }) => ({ type: 'answer', n: context.n })),
    keep: assign({ n: ({ event }) => (event.type === 'go' ? event.n : 0) }),
    fail: assign(() => {
      throw new Error('the action failed');
    }),
  },
}).createMachine({
  id: 'process',
  context: { n: 0 },
  initial: 'Idle',
  states: {
    Idle: { on: { go: { target: 'Busy', actions: 'keep' }, boom: { target: 'Busy', actions: 'fail' } } },
    Busy: { entry: 'answer', always: 'Idle' },
  },
});

const child = setup({
  types: {
    input: {} as { key: string },
    context: {} as { key: string },
    events: {} as Down | { type: 'answer'; n: number },
  },
  actors: { process: grandchild },
  actions: {
    passOn: sendTo('process/1', ({ event }) => event as Down),
    report: sendParent(({ event }) => ({ ...event, type: 'reported' })),
  },
}).createMachine({
  id: 'package',
  context: ({ input }) => input,
  invoke: { id: 'process/1', src: 'process' },
  initial: 'Serving',
  states: {
    Serving: { on: { go: { actions: 'passOn' }, boom: { actions: 'passOn' }, answer: { actions: 'report' } } },
  },
});

const root = setup({
  types: { events: {} as Down | { type: 'reported'; n: number } },
  actors: { package: child },
  actions: { passOn: sendTo('package/x@1', ({ event }) => event as Down) },
}).createMachine({
  id: 'runner',
  invoke: { id: 'package/x@1', src: 'package', input: { key: 'x@1' } },
  initial: 'Opening',
  states: {
    Opening: { on: { go: { target: 'Serving', actions: 'passOn' }, boom: { actions: 'passOn' } } },
    Serving: {
      initial: 'Ready',
      states: { Ready: {} },
      on: { go: { actions: 'passOn' }, boom: { actions: 'passOn' }, reported: {} },
    },
  },
});

/** Lets the family live through some events, and gives back what its trace says. */
export async function traceOf(...events: readonly Down[]): Promise<{ records: TraceRecord[]; failures: unknown[] }> {
  const recorder = recorderIn(scratchFolder());
  const process = decorate(grandchild, recorder);
  const packageLogic = decorate(child.provide({ actors: { process } }), recorder);
  const actor = createActor(decorate(root.provide({ actors: { package: packageLogic } }), recorder), { id: 'runner' });
  const failures: unknown[] = [];
  actor.subscribe({ error: (error) => failures.push(error) });
  actor.start();
  for (const event of events) actor.send(event);
  actor.stop();
  recorder.close();
  return { records: (await readAll(recorder.file())).records, failures };
}
