import { z } from 'zod';
import type { IncidentsRead } from '../../runner/status/incidents.js';
import { isoTime, list, seenFault, texts, time } from './common.js';

type Found = IncidentsRead['incidents'][number];

export const incidentsWire = z.strictObject({
  /** The newest first. */
  incidents: list(
    z.strictObject({
      at: time.nullable(),
      run: z.string(),
      seq: z.int().nullable(),
      actor: z.string(),
      call: z.int().nullable(),
      pids: texts,
      what: z.string(),
      fault: seenFault.nullable(),
      /** The words after `procvision`. */
      explain: texts,
    }),
  ),
  cut: z.boolean(),
});
export type IncidentsWire = z.infer<typeof incidentsWire>;

export const wireIncidents = ({ incidents, isCut }: IncidentsRead): IncidentsWire => ({
  incidents: incidents.map((found) => ({
    at: isoTime(found.atMs),
    run: found.run,
    seq: 'seq' in found ? found.seq : null,
    actor: 'seq' in found ? found.actor : 'runner',
    call: 'seq' in found ? found.callId : null,
    pids: 'seq' in found ? found.pids : [],
    what: found.what,
    fault: found.fault,
    explain: explaining(found),
  })),
  cut: isCut,
});

/** The words after `procvision` that explain it. */
export function explaining(found: Found): readonly string[] {
  const { run } = found;
  if (!('seq' in found)) return found.fault === null ? ['trace', 'show', run, '--tail', '20'] : ['doctor'];
  if (found.callId !== null) return ['trace', 'show', run, '--call', String(found.callId)];
  const [, owner] = /^((?:package|route|changeover)\/[^/]+)/.exec(found.actor) ?? [];
  return ['trace', 'why', owner ?? found.actor, run];
}
