import { RunnerError } from '../../base/errors/index.js';
import { closeQuietlyAfter, nodeFileSystem, openToRead, readChunks } from '../durable/index.js';
import type { FileSystem } from '../durable/index.js';
import { CHAIN_START, readLine } from './record.js';
import type { ChainEnd } from './record.js';

/**
 * @property records read up to the first bad one
 * @property end of the chain; kept elsewhere, it also shows that nothing was cut off the end, which no chain can by itself
 * @property incomplete the file ends amid a line: the Runner is writing it just now, or was killed there
 */
export interface AuditVerdict {
  readonly ok: boolean;
  readonly records: number;
  readonly end: ChainEnd;
  readonly incomplete: boolean;
  readonly firstBad?: { readonly line: number; readonly reason: string };
}

/**
 * Checks the whole chain; needs no lock. No file is a chain of no records.
 * @param onRecords told now and then how many were found sound
 * @throws RunnerError store_io_failed, store_corrupt when something else than a file lies there
 */
export async function verifyAudit(
  path: string,
  fs: FileSystem = nodeFileSystem,
  onRecords: (records: number) => void = () => undefined,
): Promise<AuditVerdict> {
  const opened = await openToRead(path, fs);
  if (opened.kind === 'missing') return { ok: true, records: 0, end: CHAIN_START, incomplete: false };
  if (opened.kind === 'unfit') throw new RunnerError('store_corrupt', `${path} ${opened.reason}.`);
  const { file } = opened;
  return closeQuietlyAfter(file, async () => {
    const chain = chainChecker();
    let rest = Buffer.alloc(0);
    await readChunks(path, file, (chunk) => {
      const bytes = Buffer.concat([rest, chunk]);
      let from = 0;
      for (let at = bytes.indexOf(0x0a); at >= 0; at = bytes.indexOf(0x0a, from)) {
        chain.take(bytes.toString('utf8', from, at));
        from = at + 1;
      }
      rest = bytes.subarray(from);
      onRecords(chain.verdict().records);
    });
    return { ...chain.verdict(), incomplete: rest.length > 0 };
  });
}

function chainChecker(): { take(line: string): void; verdict(): Omit<AuditVerdict, 'incomplete'> } {
  let end = CHAIN_START;
  let lines = 0;
  let firstBad: AuditVerdict['firstBad'];
  return {
    take(text) {
      if (firstBad !== undefined) return;
      lines += 1;
      const line = readLine(text);
      const reason = reasonAgainst(line, end);
      if (reason !== undefined || line.kind === 'garbage') firstBad = { line: lines, reason: reason ?? '' };
      else end = { seq: line.record.seq, hash: line.record.hash };
    },
    verdict: () => ({
      ok: firstBad === undefined,
      records: end.seq,
      end,
      ...(firstBad === undefined ? {} : { firstBad }),
    }),
  };
}

function reasonAgainst(line: ReturnType<typeof readLine>, end: ChainEnd): string | undefined {
  switch (line.kind) {
    case 'garbage':
      return 'it is not an audit record';
    case 'edited':
      return `record ${line.record.seq} was changed after it was written`;
    case 'sealed':
      if (line.record.prev === end.hash && line.record.seq === end.seq + 1) return undefined;
      return `record ${line.record.seq} does not follow record ${end.seq}: something was removed, added or moved`;
  }
}
