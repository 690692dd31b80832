import { explore, scenariosWith } from '../../../src/exploration/index.js';
import type { Check } from './check.js';

/** As far as a mutant is looked for in each scenario, breadth first: `npm run verify` goes to the end. */
const STATES_MAX = 600;

/** The scenarios of `npm run verify`, with one fault. */
export const explorationChecks = (): readonly Check[] =>
  scenariosWith(1).map((scenario) => ({
    name: scenario.name,
    kind: 'exploration',
    run: () => {
      const { violations } = explore(scenario, { statesMax: STATES_MAX, violationsMax: 1 });
      const [first] = violations;
      return first === undefined ? null : `${first.by}: ${first.what}`;
    },
  }));
