import { resultCommand } from '../command.js';
import { unfit } from '../../api/diagnose.js';
import type { Diagnosis } from '../../api/diagnose.js';
import { readsOf } from '../../api/store-reads.js';
import { wireDiagnosis } from '../../api/wire/diagnosis.js';
import { EXIT } from '../exit-codes.js';
import { paintResult } from '../paint-result.js';
import { table } from '../table.js';

export const doctor = resultCommand<[], object, Diagnosis>({
  run: ({ store, progress }) => readsOf(store).doctor(progress),
  json: wireDiagnosis,

  show({ version, host, checks, ok }, colors) {
    const rows = checks.map(({ name, result, message }) => [paintResult(result, colors), name, message]);
    const hints = checks.flatMap(({ name, hint }) => (hint === undefined ? [] : [`hint: ${name}: ${hint}`]));
    return {
      lines: [`procvision ${version} on ${host}`, ...table(['result', 'check', 'message'], rows, colors)],
      notes: [...new Set(hints), ok ? 'everything the main job needs is there' : unfit(checks).message],
    };
  },

  exitCode: ({ ok }) => (ok ? EXIT.done : EXIT.unavailable),
});
