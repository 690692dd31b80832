import { existsSync, readdirSync, readFileSync, readlinkSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CallFailed, CallOptions, CallResult, Runner, StoreLayout } from '../../../src/index.js';
import { keyOf, releaseOf } from '../../../machines/index.js';

/** Which process answered, as test/fixtures/packages/station.py tells it. */
export interface Told {
  readonly os_pid: number;
  readonly version: string;
  readonly attempt: number;
  /** Of the flows whose calls that process served before. */
  readonly sessions: readonly string[];
}

/** `execute` of step 1 in a flow of its own, with orders for test/fixtures/packages/station.py. */
export async function call(runner: Runner, pid: string, orders = 'OK', options: CallOptions = {}): Promise<CallResult> {
  const flow = runner.openFlow({ pid });
  try {
    return await flow.execute(1, { params: { do: orders }, ...options });
  } finally {
    flow.close();
  }
}

/** @throws when the call did not work; where its `os_pid` is asked for, also when the process has gone */
export function told(result: CallResult): Told {
  if (result.status !== 'OK') throw new Error(`${result.outcome}: ${result.fault.message}`);
  const data = result.data as unknown as Omit<Told, 'os_pid'> & Seen;
  return {
    ...data,
    get os_pid() {
      return hostPid(data);
    },
  };
}

/** A process as it sees itself: its number, and the namespace in which that is its number. */
interface Seen {
  readonly own_pid: number;
  /** `pid:[4026531836]` */
  readonly namespace: string;
}

/** The number it has on the host. */
function hostPid({ own_pid: ownPid, namespace }: Seen): number {
  const isIt = (pid: string): boolean => {
    try {
      const [, numbers = ''] = /^NSpid:\s+(.*)$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1')) ?? [];
      return Number(numbers.split(/\s+/).at(-1)) === ownPid && readlinkSync(`/proc/${pid}/ns/pid`) === namespace;
    } catch {
      return false; // gone meanwhile
    }
  };
  const found = readdirSync('/proc').find((name) => /^\d+$/.test(name) && isIt(name));
  if (found === undefined) throw new Error(`no process has the number ${ownPid} in ${namespace}`);
  return Number(found);
}

/** @throws when the call worked */
export function failed(result: CallResult): CallFailed {
  if (result.status === 'ERROR') return result;
  throw new Error(`the call worked: ${JSON.stringify(result.data)}`);
}

/** How often the call reached a process, as the processes themselves counted. */
export function attemptsSeen(layout: StoreLayout, { release, flowId, callId }: CallResult): number {
  const { name, version } = releaseOf(release);
  const file = join(layout.deployment(name, version), 'attempts', `${flowId}-${callId}`);
  return existsSync(file) ? statSync(file).size : 0;
}

/**
 * Changes what a deployed station runs from its next start on.
 *
 * @returns how to put the station back
 */
export function spoil(layout: StoreLayout, release: string, change: (source: string) => string): () => void {
  const { name, version } = releaseOf(release);
  const program = join(layout.deployment(name, version), 'station.py');
  const source = readFileSync(program, 'utf8');
  writeFileSync(program, change(source));
  return () => writeFileSync(program, source);
}

/** Bad starts, for `spoil`. */
export const NEVER_HELLO = (): string => 'import wire\nfor _ in wire.messages(): pass\n';
export const CRASH_AT_ONCE = (): string => 'import sys\nsys.exit("no camera here")\n';
export const WRONG_INFO = (): string => 'import wire\nwire.serve(info={**wire.INFO, "version": "9"})\n';
/** Says hello only when the file `go` lies in its folder. */
export const WAITS_TO_START = (source: string): string => {
  const [docstring = '', rest = ''] = source.split('from __future__ import annotations\n');
  const wait = 'import os, time\nwhile not os.path.exists("go"): time.sleep(0.01)\n';
  return `${docstring}from __future__ import annotations\n${wait}${rest}`;
};
export const go = (layout: StoreLayout, release: string): void => {
  const { name, version } = releaseOf(release);
  writeFileSync(join(layout.deployment(name, version), 'go'), '');
};

export const station = (version: number): string => keyOf({ name: 'station', version: `${version}.0.0` });
