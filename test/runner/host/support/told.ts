import { readFileSync } from 'node:fs';
import type { StoreLayout } from '../../../../src/index.js';

/** The audit trail as `what subject outcome`, with the code where it failed. */
export const audited = ({ audit }: StoreLayout): string[] =>
  readFileSync(audit, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => {
      const { what, subject, outcome, details } = JSON.parse(line) as Record<'what' | 'subject' | 'outcome', string> & {
        details?: { code?: string };
      };
      return [what, subject, outcome, ...(details?.code === undefined ? [] : [details.code])].join(' ');
    });
