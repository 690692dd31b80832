import { readFileSync, readdirSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

export interface LivingProcess {
  readonly osPid: number;
  readonly command: string;
}

const POLL_MS = 40;

/** Who still lives of a life, by the folder for temporary files that all it started has in its environment. */
export function survivors(tmp: string): LivingProcess[] {
  const cookie = `TMPDIR=${tmp}\0`;
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name) || !read(`/proc/${name}/environ`).includes(cookie)) return [];
    return [{ osPid: Number(name), command: read(`/proc/${name}/cmdline`).replaceAll('\0', ' ').trim() }];
  });
}

/** Waits until nobody of a life is left. @returns who outlived the limit; they are ended, by their own ids */
export async function orphansAfter(tmp: string, limitMs: number): Promise<LivingProcess[]> {
  const untilMs = performance.now() + limitMs;
  for (;;) {
    const left = survivors(tmp);
    if (left.length === 0) return [];
    if (performance.now() > untilMs) {
      for (const { osPid } of left) end(osPid);
      return left;
    }
    await delay(POLL_MS);
  }
}

function end(osPid: number): void {
  try {
    process.kill(osPid, 'SIGKILL');
  } catch {
    // gone meanwhile
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return ''; // gone meanwhile, or not ours
  }
}
