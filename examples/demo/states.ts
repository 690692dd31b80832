import { readTrace } from '../../src/api/trace.js';

export const STATES = ['Discovered', 'Validated', 'Deployed', 'Running', 'Executing', 'Stopped', 'Invalid'];

/** The states of contract §2 each release walked through, in the order it reached them first, read from the trace. */
export async function statesWalked(trace: string): Promise<Record<string, string[]>> {
  const walked: Record<string, string[]> = {};
  for await (const { machine, actor, after } of readTrace(trace)) {
    if (machine !== 'package') continue;
    const release = actor.replace('package/', '');
    const state = after.split('.')[0] ?? after;
    const states = (walked[release] ??= []);
    if (STATES.includes(state) && !states.includes(state)) states.push(state);
  }
  return walked;
}
