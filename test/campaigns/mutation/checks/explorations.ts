import { explore, scenariosWith } from '../../../../src/testing/exploration/index.js';
import type { Scenario, System } from '../../../../src/testing/exploration/index.js';
import { exploredScene } from '../../../support/machines/explored-scene.js';
import { STEP_RULES } from '../../../support/machines/rules/index.js';
import { inPlaceOf } from '../stand-in.js';
import { Ways } from '../ways.js';
import type { Check } from './check.js';

/** As far as each scenario is explored, breadth first, to learn on which ways it comes by which places. */
const SURVEY_STATES_MAX = 12_000;
/** As far as a mutant is looked for around these ways; `npm run verify` goes to the end. */
const STATES_MAX = 400;

/** The scenarios of `npm run verify`, with one fault; invariants and rules judge every move. */
export const explorationChecks = (): readonly Check[] => scenariosWith(1).map((scenario) => explorationCheck(scenario));

export function explorationCheck(scenario: Scenario): Check {
  const ways = new Ways();
  const survey = (): null => {
    explore(scenario, {
      ...{ statesMax: SURVEY_STATES_MAX, isExact: true },
      onMove: (_system, story) => {
        ways.moved(story);
        return [];
      },
    });
    ways.close();
    return null;
  };
  return {
    name: scenario.name,
    kind: 'exploration',
    run: (site) => {
      if (site === null) return inPlaceOf(null, null, ways, survey);
      const { violations } = explore(scenario, {
        ...{ statesMax: STATES_MAX, violationsMax: 1, isExact: true },
        ...{ ways: ways.to(site), onMove: judged },
      });
      const [first] = violations;
      return first === undefined ? null : `${first.by}: ${first.what}`;
    },
  };
}

/** What the rules say of a move. */
function judged(system: System): readonly { readonly by: string; readonly what: string }[] {
  const scene = exploredScene(system);
  const wrong: { by: string; what: string }[] = [];
  for (const [name, rule] of STEP_RULES)
    rule(scene, (isRight, words) => {
      if (!isRight) wrong.push({ by: name, what: words() });
    });
  return wrong;
}
