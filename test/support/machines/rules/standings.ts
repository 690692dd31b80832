import { isDeepStrictEqual } from 'node:util';
import type { Rule } from './rule.js';
import { living, runnerOf } from './rule.js';

const SERVES = /^(Running|Executing)$/;
const RESTS = /^(Validated\.Waiting|Deployed\.Idle|Stopped\.(Idle|Cooling)|Invalid\.Waiting)$/;
const IS_TOLD_AT_ONCE = /^(Deployed|Stopped|Invalid)\.Recording$|(Uninstalling|Removing|Extracting|Requested)$/;
const HOLDS_STILL = /^(Switching|RollingBack|Unbinding|Confirming)$/;

/** What the Runner goes by is how things are: where releases stand, what PIDs need, how far changes are. */
export const standingsAreTrue: Rule = (system, judge) => {
  const runner = runnerOf(system);
  if (runner.state === 'Opening' || runner.state === 'Failed') return;
  const { standings, needs, changeovers } = runner.context;
  for (const { state, context } of living(system, 'package')) {
    const told = standings[context.key];
    const { key } = context;
    judge(told !== undefined, () => `nothing is known of ${key}`);
    if (told === undefined) continue;
    const isWhere = SERVES.test(state) ? told.state === 'Running' : state.startsWith(`${told.state}.`);
    const isSettled = SERVES.test(state) || RESTS.test(state) || IS_TOLD_AT_ONCE.test(state);
    judge(isWhere || !isSettled, () => `${key} is ${state}, but told as ${told.state}`);
    judge(told.ready === SERVES.test(state), () => `${key} is ${state}, but told as ready: ${told.ready}`);
    judge(told.resting === RESTS.test(state), () => `${key} is ${state}, but told as resting: ${told.resting}`);
    if (!told.resting) continue;
    // Where nothing is deployed yet, a wish is of no use to anybody.
    if (/^(Deployed|Stopped)/.test(state))
      judge(told.wanted === context.wanted, () => `${key} is wanted ${context.wanted}, but told as ${told.wanted}`);
    judge(isDeepStrictEqual(told.fault, context.fault), () => `${key} rests, but not for the reason that was told`);
  }
  for (const { state, context } of living(system, 'route')) {
    const { pid, release, candidate, onProbation, previous, draining } = context;
    const told = needs[pid] ?? { key: null, candidate: null, kept: null, settled: true };
    const kept = onProbation ? previous : draining;
    judge(told.key === release, () => `${pid} is on ${release}, but told as on ${told.key}`);
    judge(told.settled === !HOLDS_STILL.test(state), () => `${pid} is ${state}, but told as settled: ${told.settled}`);
    if (HOLDS_STILL.test(state))
      judge(told.candidate === candidate, () => `${pid} may go to ${candidate}, not told so`);
    judge(told.kept === kept, () => `${pid} keeps ${kept}, but told as ${told.kept}`);
  }
  const open = living(system, 'changeover');
  judge(Object.keys(changeovers).length === open.length, () => 'changes under way are not those that are known');
  for (const { path, state } of open) {
    const stage = changeovers[path.replace('changeover/', '')]?.stage;
    judge(stage === state, () => `${path} is ${state}, but told as ${stage}`);
    judge(state !== 'Preparing', () => `${path} waits for PIDs, which answer at once`);
  }
};
