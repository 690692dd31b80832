import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isolated, NO_ISOLATION, probeIsolation } from '../../src/platform/index.js';
import type { Command } from '../../src/platform/index.js';
import { scratchFolder } from '../support/own-folder.js';

const best = await probeIsolation();
const run = ({ command, args, environment }: Command): string =>
  execFileSync(command, args, { encoding: 'utf8', env: environment });

describe('the isolation level of this host', () => {
  test('is one whose tools really run a program here', () => {
    expect(['namespace', 'parent_death', 'group']).toContain(best.level);
    expect(run(isolated(best, { command: '/bin/echo', args: ['it runs'], environment: {} }))).toBe('it runs\n');
  });

  test('is the plain process group where the tools are missing', async () => {
    expect(await probeIsolation(() => undefined)).toEqual(NO_ISOLATION);
  });

  test('is made of absolute paths, whatever the PATH says', async () => {
    const before = process.env['PATH'];
    process.env['PATH'] = '/nowhere';
    try {
      expect(await probeIsolation()).toEqual(best);
    } finally {
      process.env['PATH'] = before;
    }
    for (const tool of [best.prefix[0], best.shell[0]]) if (tool !== undefined) expect(tool).toMatch(/^\//);
  });
});

describe('the environment of an algorithm', () => {
  const environment = {
    PLAIN: 'as it is',
    LINES: 'two\nlines',
    QUOTES: `'"$(exit 3)\`exit 4\`\\`,
    EMPTY: '',
    IFS: 'a',
    PATH: '/nowhere',
  };
  const print = ['-c', 'import json, os; print(json.dumps(dict(os.environ)))'];

  test('reaches it unchanged, and alone', () => {
    const command = '/usr/bin/python3';
    const seen = JSON.parse(run(isolated(best, { command, args: ['-I', ...print], environment }))) as object;
    expect(seen).toMatchObject(environment);
    expect(Object.keys(seen).filter((name) => name.startsWith('PROCVISION_'))).toEqual([]);
  });

  test('is on no command line', () => {
    const { args } = isolated(best, { command: '/bin/true', args: [], environment: { SECRET: 'hunter2' } });
    expect(args.join(' ')).not.toContain('hunter2');
  });

  test('reaches no tool in front of it', () => {
    const bin = join(scratchFolder(), 'bin');
    mkdirSync(bin);
    for (const tool of ['setpriv', 'unshare', 'sh', 'env', 'prlimit']) {
      writeFileSync(join(bin, tool), '#!/bin/sh\necho "planted $0"; exit 9\n');
      chmodSync(join(bin, tool), 0o755);
    }
    const planted = {
      PATH: `${bin}:/usr/bin:/bin`,
      LD_PRELOAD: '/nowhere/planted.so',
      ENV: join(bin, 'sh'),
      BASH_ENV: join(bin, 'sh'),
    };
    const { environment: ofTools } = isolated(best, { command: '/bin/echo', args: [], environment: planted });
    if (best.prefix.length > 0)
      expect(Object.keys(ofTools).filter((name) => name in planted && name !== 'PATH')).toEqual([]);
    expect(run(isolated(best, { command: '/bin/echo', args: ['unharmed'], environment: planted }))).toBe('unharmed\n');
  });
});

describe.runIf(best.level === 'namespace')('an algorithm that tries to get out', () => {
  const inside = (script: string): unknown => {
    const args = [
      '-I',
      '-c',
      `import os, json, sys\nhost = ${process.pid}\nout = {}\n${script}\nprint(json.dumps(out))`,
    ];
    return JSON.parse(
      run(isolated(best, { command: '/usr/bin/python3', args, environment: { PATH: '/usr/bin:/bin' } })),
    );
  };
  const TRACE = `import ctypes
def trace(pid, attach=16):
    if ctypes.CDLL(None, use_errno=True).ptrace(attach, pid, 0, 0) != 0: raise OSError(ctypes.get_errno(), "refused")`;
  const attempt = (what: string): string =>
    `${TRACE}\ntry: out["did"] = ${what}\nexcept OSError as e: out["failed"] = type(e).__name__`;

  test.each([
    ['signal its Runner', 'os.kill(host, 0)'],
    ['read the environment of its Runner', 'len(open(f"/proc/{host}/environ", "rb").read())'],
    ['list the descriptors of its Runner', 'os.listdir(f"/proc/{host}/fd")'],
    ['take hold of its Runner', 'os.pidfd_open(host)'],
    ['trace its Runner', 'trace(host)'],
    ['read the memory of its Runner', 'len(open(f"/proc/{host}/maps").read(1))'],
  ])('cannot %s', (_what, deed) => {
    expect(inside(attempt(deed))).toEqual({ failed: expect.stringMatching(/Error$/) });
  });

  test.runIf(best.ownProc)('sees no process but its own, and cannot take its /proc away', () => {
    const script = `out["seen"] = [int(p) for p in os.listdir("/proc") if p.isdigit()]\nout["umount"] = os.system("umount /proc 2>/dev/null") != 0`;
    expect(inside(script)).toEqual({ seen: [1, 2], umount: true });
  });

  test('has no capability and gains none', () => {
    const script = `out["status"] = [line.split()[1] for line in open("/proc/self/status") if line.startswith(("CapEff", "CapPrm", "CapBnd" if os.getuid() == 0 else "CapPrm", "NoNewPrivs"))]`;
    const { status } = inside(script) as { status: string[] };
    expect(status.every((word) => /^0+$/.test(word) || word === '1')).toBe(true);
  });
});
