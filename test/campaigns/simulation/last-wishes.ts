import type { Act } from './plan.js';

/** How many things people still want of a Runner that ends, just before and meanwhile. */
export const LAST_ACTS = 5;
export const LAST_WISHES: readonly Exclude<Act, { do: 'fault' }>[] = [
  ...(['round', 'switch', 'switch_both', 'rollback', 'restart', 'force_uninstall', 'confirm', 'scan'] as const).map(
    (wish) => ({ do: wish }),
  ),
  { do: 'install', key: 'screw@2.0.0' },
  { do: 'inspect', pid: 'A01', manner: 'burst' },
  { do: 'inspect', pid: 'B01', manner: 'by_hand' },
];
