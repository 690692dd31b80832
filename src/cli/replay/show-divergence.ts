import type { Divergence } from '../../api/trace.js';
import type { Colors } from '../colors.js';

/** What is different, and why as far as that can be told. */
export function showDivergence(found: Divergence, colors: Colors): readonly string[] {
  const { seq, atUs, actor, event, expected, got, decidedAt, guard, kind } = found;
  return [
    colors.red(`divergence at record ${seq} (+${(atUs / 1e6).toFixed(3)} s): ${actor} on ${event}`),
    `  ${WORDS[kind]}`,
    `  expected  ${expected}`,
    `  got       ${got}`,
    ...(guard === null ? [] : [`  guard     ${showGuard(guard)}`]),
    ...(decidedAt === null || decidedAt === seq ? [] : [`  decided   at record ${decidedAt}: ${found.decision}`]),
  ];
}

const WORDS: Readonly<Record<Divergence['kind'], string>> = {
  state: 'the event leads elsewhere',
  data: 'it was delivered with other contents',
  unexpected: 'it was delivered, and the machines would not have sent it',
  missing: 'the machines would have sent something that was not delivered',
  failure: 'the machine fails where it did not, or the other way round',
};

function showGuard({ name, params, recorded, today, alternatives }: NonNullable<Divergence['guard']>): string {
  const given = params === null ? '' : ` ${JSON.stringify(params)}`;
  const others = alternatives.length === 0 ? '' : ` (or ${alternatives.join(', ')})`;
  return `${name}${given} said ${yesOrNo(recorded)} when it was recorded and says ${yesOrNo(today)} today${others}`;
}

const yesOrNo = (outcome: boolean): string => (outcome ? 'yes' : 'no');
