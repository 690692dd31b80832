import { DIAGRAM_VERSION } from './json.js';

/** A JSON Schema, as data. */
export type DiagramSchema = Readonly<Record<string, unknown>>;
type Schema = DiagramSchema;

const text = (description: string): Schema => ({ type: 'string', description });
const texts = (description: string): Schema => ({ type: 'array', items: { type: 'string' }, description });
const yes = (description: string): Schema => ({ type: 'boolean', description });
const count = (description: string): Schema => ({ type: 'integer', minimum: 0, description });
const path = (description: string): Schema => ({ type: ['string', 'null'], description });
const list = (items: Schema): Schema => ({ type: 'array', items });

/** An object with exactly these fields; those that `optional` names may be missing. */
const object = (properties: Readonly<Record<string, Schema>>, optional: readonly string[] = []): Schema => ({
  type: 'object',
  properties,
  required: Object.keys(properties).filter((name) => !optional.includes(name)),
  additionalProperties: false,
});

const EFFECT = object({ id: text('under which the machine knows it'), name: text('among the machine’s actors') });
const VISITS = count('how often a trace went there; only with a trace');

const STATE = object(
  {
    path: text('`Running.Restarting`'),
    parent: path('path of the state it is a sub-state of'),
    kind: { enum: ['atomic', 'compound', 'parallel', 'final', 'history'] },
    initial: yes('what its parent, or the machine, begins in'),
    description: text('what it means'),
    entry: texts('actions on entry'),
    exit: texts('actions on exit'),
    effects: list(EFFECT),
    visits: VISITS,
  },
  ['visits'],
);

const TRANSITION = object(
  {
    index: count('its place among the transitions of the machine, in the order in which they are tried'),
    from: path('path of the state that defines it; null: the machine, wherever a state says nothing of its own'),
    to: path('path of the state it leads to; null: it stays'),
    enters: path('`to`, or the sub-state that is begun with there'),
    event: text('`call.requested`, `after drainDeadline`, `recordRest done`, `recordRest failed`, `at once`'),
    kind: { enum: ['event', 'after', 'done', 'failed', 'always'] },
    guard: path('name of the guard with its parameters; null: none'),
    otherwise: yes('it has no guard and is tried after others of the same event that have one'),
    actions: texts('in their order'),
    description: text('may be empty'),
    visits: VISITS,
  },
  ['visits'],
);

const WORDS = object({
  events: list(object({ name: text('event'), from: text('who sends it'), says: text('what it says') })),
  guards: list(object({ name: text('guard'), says: text('when it holds') })),
  delays: list(
    object(
      {
        name: text('delay'),
        says: text('what it is'),
        option: text('the option that sets it; missing: none does'),
        preset_ms: { type: ['integer', 'null'], description: 'default in milliseconds; null: never' },
      },
      ['option'],
    ),
  ),
  effects: list(object({ name: text('effect'), says: text('what it does') })),
});

/** JSON Schema (draft 2020-12) of what `drawMachine` gives as JSON. */
export const diagramJsonSchema = (): DiagramSchema => ({
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'A machine of the ProcVision Runner',
  ...object(
    {
      diagram: { const: DIAGRAM_VERSION, description: 'version of this format' },
      machine: text('id of the machine'),
      description: text('what it is'),
      initial: path('path of the state it begins in'),
      effects: list(EFFECT),
      states: list(STATE),
      transitions: list(TRANSITION),
      words: WORDS,
      trace: object({
        records: count('deliveries that were counted'),
        actors: texts('actors of this machine in the trace'),
        diverged: count('records that do not lead where this machine leads'),
        unclear: count('records whose transition could not be told'),
      }),
    },
    ['trace'],
  ),
});
