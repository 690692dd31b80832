import { resultCommand } from '../command.js';
import { diagnose, unfit } from '../doctor/diagnose.js';
import type { Diagnosis } from '../doctor/diagnose.js';
import { wireDiagnosis } from '../doctor/wire-doctor.js';
import { EXIT } from '../exit-codes.js';
import { paintResult } from '../paint-result.js';
import { table } from '../table.js';

export const doctor = resultCommand<[], object, Diagnosis>({
  run: ({ store, progress }) => diagnose(store, progress),
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
