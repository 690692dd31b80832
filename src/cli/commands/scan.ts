import { setTimeout as delay } from 'node:timers/promises';
import type { ScannedZip } from '../../api/results.js';
import type { RunnerApi } from '../../api/runner-api.js';
import { resultCommand } from '../command.js';
import type { Context } from '../context.js';
import { EXIT, EXIT_CODES } from '../exit-codes.js';
import { table } from '../table.js';
import { wireScanned } from '../../api/wire/zip.js';

const LOOK_AGAIN_MS = 500;
const WAIT_MS_MAX = 30_000;

export const scan = resultCommand<[], object, readonly ScannedZip[]>({
  run: (context) => context.withRunner((api) => scanSettled(api, context), { mayCreate: true }),

  json: (zips) => zips.map(wireScanned),

  show(zips, colors) {
    const rows = zips.map(({ zip, release, found, state, fault }) => [
      zip,
      release ?? '',
      found,
      state ?? '',
      fault === null ? '' : ([`${fault.code} ${fault.message}`, colors.red] as const),
    ]);
    const deployed = zips.find(({ found, state }) => found === 'new' && state === 'Deployed')?.release ?? null;
    return {
      lines: zips.length === 0 ? [] : table(['zip', 'release', 'found', 'state', 'reason'], rows, colors),
      notes: zips.length === 0 ? ['no zips'] : [],
      next: deployed === null ? ['ls'] : ['start', deployed],
    };
  },

  /** That of the first new zip that was refused. */
  exitCode(zips) {
    const [refused] = zips.flatMap(({ found, fault }) =>
      fault !== null && (found === 'new' || found === 'conflict') ? [fault] : [],
    );
    return refused === undefined ? EXIT.done : EXIT_CODES[refused.name];
  },
});

/** Scans until no zip looks as if somebody still copied it: a person who asks now means the zips that are there now. */
async function scanSettled(api: RunnerApi, { signal, progress }: Context): Promise<readonly ScannedZip[]> {
  const found = new Map<string, ScannedZip>();
  const until = performance.now() + WAIT_MS_MAX;
  for (;;) {
    progress('taking up zips');
    for (const zip of await api.scan()) {
      const before = found.get(zip.zip);
      if (before === undefined || before.found === 'settling') found.set(zip.zip, zip);
    }
    const settling = [...found.values()].filter(({ found: how }) => how === 'settling');
    if (settling.length === 0 || signal.aborted || performance.now() > until) return [...found.values()];
    progress(`waiting until ${settling[0]?.zip ?? ''} is copied`, 0);
    await delay(LOOK_AGAIN_MS, undefined, { signal }).catch(() => undefined);
  }
}
