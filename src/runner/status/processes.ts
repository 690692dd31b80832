import type { ReleaseKey } from '../../../machines/release.js';
import type { IsolationLevel } from '../../effects/index.js';
import type { Host } from '../host/host.js';

/** An algorithm process that is alive. */
export interface ProcessView {
  readonly osPid: number;
  readonly release: ReleaseKey;
  /** From 0, within its release. */
  readonly slot: number;
  /** As seen from outside; null before its hello. */
  readonly isolation: IsolationLevel | null;
  /** 100 is one core, as last measured; null where nobody measures. */
  readonly cpuPercent: number | null;
  /** Memory of it and what it started. */
  readonly residentBytes: number | null;
}

export const processesOf = ({ services }: Host): readonly ProcessView[] =>
  [...services.processes]
    .map(([osPid, { key, slot, isolation, resources }]) => ({
      osPid,
      release: key,
      slot,
      isolation,
      cpuPercent: resources?.cpuPercent ?? null,
      residentBytes: resources?.residentBytes ?? null,
    }))
    .sort((a, b) => a.release.localeCompare(b.release) || a.slot - b.slot);
