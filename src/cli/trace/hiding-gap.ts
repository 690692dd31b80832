import type { HidingGap } from '../../api/trace.js';

/** For whoever asked about an actor: records are missing that would tell more of it. */
export const hidden = ({ hides, missing, since, reason }: HidingGap): string =>
  `${hides === 'cause' ? 'What led to the first of these' : 'What became of it then'} may be among ${missing} records that are missing since ${since}: ${reason}`;
