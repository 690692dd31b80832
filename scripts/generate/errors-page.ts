import { CATALOGUE, FAULT_CODES } from '../../src/index.js';
import type { FaultName } from '../../src/index.js';

/** docs/errors.md: every failure the Runner can report, from the catalogue in the code. */
export function errorsPage(): string {
  const names = (Object.keys(FAULT_CODES) as FaultName[]).sort((a, b) => FAULT_CODES[a].localeCompare(FAULT_CODES[b]));
  return [
    '# Errors',
    '',
    'Generated from `machines/fault.ts` and `src/base/errors/catalogue.ts` by `npm run generate`; do not edit.',
    '',
    'Every failure has a code for programs, a name, a message that says what is wrong and where, and a hint. 1xxx and 9999',
    'concern a call, 2xxx a package, codes from 3001 up are the Runner’s own. An `error_code` that an algorithm gives is',
    'passed through in `errorCode` as it came, whatever it is; the Runner reports such a call as 3010.',
    '',
    '| Code | Name | When | What to do |',
    '|---|---|---|---|',
    ...names.map(
      (name) => `| ${FAULT_CODES[name]} | \`${name}\` | ${CATALOGUE[name].when} | ${CATALOGUE[name].todo} |`,
    ),
    '',
  ].join('\n');
}
