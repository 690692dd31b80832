import { storeLayout, verifyAudit } from '../../api/store.js';
import type { AuditVerdict } from '../../api/store.js';
import { RunnerError } from '../../base/errors/index.js';
import { resultCommand } from '../command.js';
import { EXIT, EXIT_CODES } from '../exit-codes.js';
import { shownPath } from '../shown-path.js';

interface Data extends AuditVerdict {
  readonly file: string;
}

export const auditVerify = resultCommand<[], object, Data>({
  async run({ store, progress }) {
    const file = storeLayout(store).audit;
    return { file, ...(await verifyAudit(file, undefined, (records) => progress(`${records} records are sound`))) };
  },

  json: (data) => ({
    ...(broken(data)?.toJSON() ?? {}),
    ok: data.ok,
    file: data.file,
    records: data.records,
    end: data.end,
    incomplete: data.incomplete,
    first_bad: data.firstBad ?? null,
  }),

  show(data) {
    const { file, records, end, incomplete } = data;
    const failure = broken(data);
    const unfinished = incomplete ? ['its last line is not finished: a Runner writes it now, or was killed there'] : [];
    if (failure !== null)
      return {
        lines: [`${shownPath(file)}: sound up to record ${records}, and no further`],
        notes: [`${failure.message} (${failure.code} ${failure.faultName})`, `hint: ${failure.hint}`],
      };
    return {
      lines: [`${shownPath(file)}: ${records} records, none changed`],
      notes: [
        `the last is ${end.hash.slice(0, 12)}…: kept elsewhere, it shows later that nothing was cut off`,
        ...unfinished,
      ],
    };
  },

  exitCode: ({ ok }) => (ok ? EXIT.done : EXIT_CODES.store_corrupt),
});

function broken({ file, firstBad }: Data): RunnerError | null {
  if (firstBad === undefined) return null;
  const { line, reason } = firstBad;
  return new RunnerError('store_corrupt', `Line ${line} of ${file}: ${reason}.`, {
    hint: 'Compare it with a copy of the trail; the Runner goes on with the chain as it is.',
    details: { line, reason },
  });
}
