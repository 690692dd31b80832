import type { ChangeReport } from '../../api/results.js';
import { whyReturned } from '../../api/wire/change.js';
import { EXIT, EXIT_CODES } from '../exit-codes.js';
import type { ExitCode } from '../exit-codes.js';

/** A release that did not prove itself is a failure of the command that waited for it. */
export const exitCodeOf = (report: ChangeReport): ExitCode =>
  report.outcome === 'rolled_back' ? EXIT_CODES[whyReturned(report).faultName] : EXIT.done;
