/** `node --import preload.js program.js`: puts the kill switch between the program and the file system. */
import { ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import fsPromises, { open } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { meet } from './kill-switch.js';
import type { Meeting } from './kill-switch.js';
import { DESCRIPTOR_PATCHES, HANDLE_PATCHES, PATH_PATCHES, spawnPatch, writeHalf } from './patches.js';
import type { Patch } from './patches.js';
import { PLAN_VARIABLE } from './plan.js';
import type { KillPlan } from './plan.js';

type Method = (this: unknown, ...args: unknown[]) => unknown;
type Methods = Record<string, Method | undefined>;

/** How a call tells its end, and so when `after` is. */
type Ending = (meeting: Meeting, run: (args: unknown[]) => unknown, args: unknown[]) => unknown;

const returns: Ending = ({ dieAfter }, run, args) => {
  try {
    return run(args);
  } finally {
    dieAfter();
  }
};
const resolves: Ending = ({ dieAfter }, run, args) => (run(args) as Promise<unknown>).finally(dieAfter);
const callsBack: Ending = ({ dieAfter }, run, args) => run([...args.slice(0, -1), dieAfter]);

let inside = 0;

function patch(methods: Methods, name: string, { nameOf, pathOf, data }: Patch, ending: Ending): void {
  const original = methods[name];
  if (original === undefined) return;
  const patched: Method = function (...args) {
    const call = inside > 0 ? null : nameOf(args);
    const meeting = call === null ? null : meet(call, pathOf(this, args));
    const run = (given: unknown[]): unknown => {
      if (ending !== returns) return original.apply(this, given);
      inside += 1; // synchronous calls are made of one another
      try {
        return original.apply(this, given);
      } finally {
        inside -= 1;
      }
    };
    if (meeting === null) return run(args);
    if (meeting.when === 'part' && data !== undefined) {
      writeHalf(this, args, data);
      meeting.dieAmid();
    }
    return ending(meeting, run, args);
  };
  methods[name] = Object.defineProperties(patched, Object.getOwnPropertyDescriptors(original));
}

const text = process.env[PLAN_VARIABLE];
if (text !== undefined) {
  const { store } = JSON.parse(text) as KillPlan;
  const handle = await open('/dev/null');
  const handles = Object.getPrototypeOf(handle) as Methods;
  await handle.close();
  for (const one of HANDLE_PATCHES) patch(handles, one.method, one, resolves);
  for (const one of [...PATH_PATCHES, ...DESCRIPTOR_PATCHES]) {
    patch(fs as unknown as Methods, `${one.method}Sync`, one, returns);
    patch(fs as unknown as Methods, one.method, one, callsBack);
  }
  for (const one of PATH_PATCHES) patch(fsPromises as unknown as Methods, one.method, one, resolves);
  const spawn = spawnPatch(store);
  patch(ChildProcess.prototype as unknown as Methods, spawn.method, spawn, returns);
  syncBuiltinESMExports();
}
