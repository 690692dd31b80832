import { join } from 'node:path';
import { storeLayout } from '../../../src/index.js';
import { scratchFolder } from '../../runner/support/folders.js';
import { stationZip } from '../../runner/support/packages.js';
import { openRunner } from '../../runner/support/runners.js';
import { call, station } from '../../runner/support/station.js';

export const STATION = station(1);

/** Two calls that work, then three that kill their process: more than the restart policy forgives. */
export async function fatalShift(): Promise<{ store: string; file: string }> {
  const layout = storeLayout(join(scratchFolder(), 'store'));
  const runner = await openRunner({
    store: layout.root,
    restart: { immediateRestarts: 10, breakerLosses: 3 },
    retries: 0,
  });
  await runner.install(stationZip());
  await runner.activate(STATION, ['A01']);
  for (let i = 0; i < 2; i++) await call(runner, 'A01');
  for (let i = 0; i < 3; i++) await call(runner, 'A01', 'signal SIGKILL', { params: { do: 'signal SIGKILL' } });
  const file = runner.traceFile ?? '';
  await runner.close();
  return { store: layout.root, file };
}
