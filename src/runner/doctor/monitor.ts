import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openRegular } from '../../base/files/index.js';

/** As much of the log's end as is looked at. */
const LAST_BYTES = 64 * 1024;

/** What the monitor of the invariants had to say: defects of the Runner, each with when it was seen; the latest last. */
export async function brokenInvariants(logs: string): Promise<readonly string[]> {
  const file = join(logs, 'runner.jsonl');
  if (!existsSync(file)) return [];
  const handle = await openRegular(file);
  try {
    const { size } = await handle.stat();
    const bytes = Buffer.alloc(Math.min(size, LAST_BYTES));
    await handle.read(bytes, 0, bytes.length, size - bytes.length);
    return bytes.toString('utf8').split('\n').flatMap(told);
  } finally {
    await handle.close();
  }
}

/** The first line may be cut off, and the last not finished. */
function told(line: string): readonly string[] {
  try {
    const { time, level, message } = JSON.parse(line) as Readonly<Record<string, unknown>>;
    if (level !== 'error' || typeof time !== 'number' || typeof message !== 'string') return [];
    return [`${message} (${new Date(time).toISOString()}, logs/runner.jsonl)`];
  } catch {
    return [];
  }
}
