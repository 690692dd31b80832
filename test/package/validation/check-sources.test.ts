import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageProject, validatePackage, validateProject } from '../../../src/package/index.js';
import { hostPython } from '../support/host-python.js';
import { MANIFEST, SDK_RECIPE, packageBytes } from '../support/package-bytes.js';
import { refused } from '../support/refused.js';
import { tempFolder } from '../support/temp-folder.js';
import { wheelBytes, wheelFile } from '../support/wheel-bytes.js';

/** Sources are parsed by the real Python they are for; none of them is run. */
const folder = await tempFolder();
const python = await hostPython();
const MAIN = 'screw_check/main.py';

async function project(files: Record<string, string>): Promise<string> {
  const place = await mkdtemp(join(folder, 'project-'));
  const all = {
    'manifest.json': JSON.stringify(MANIFEST),
    'requirements.txt': '',
    'screw_check/__init__.py': '',
    [MAIN]: 'class ScrewCheck: ...\n',
    ...files,
  };
  for (const [path, text] of Object.entries(all)) {
    await mkdir(dirname(join(place, path)), { recursive: true });
    await writeFile(join(place, path), text);
  }
  return place;
}

async function entryOf(files: Record<string, string>) {
  const { checks } = await validateProject(await project(files), { interpreters: [python] });
  return checks.find(({ name }) => name === 'entry_point');
}

describe('a mistake that the first start would find is found before:', () => {
  it.each<[string, Record<string, string>, RegExp]>([
    ['in the entry', { [MAIN]: 'class ScrewCheck:\n    x = = 1\n' }, /screw_check\/main\.py, line 2, is not Python 3/],
    ['in the package around it', { 'screw_check/__init__.py': 'x = (' }, /screw_check\/__init__\.py, line 1/],
    [
      'in a module it imports',
      { [MAIN]: 'from .deep import x\nclass ScrewCheck: ...\n', 'screw_check/deep.py': '\n\ndef' },
      /screw_check\/deep\.py, line 3/,
    ],
    [
      'in one that is imported there',
      {
        [MAIN]: 'import lib.a\nclass ScrewCheck: ...\n',
        'lib/a.py': 'from lib import b',
        'lib/__init__.py': '',
        'lib/b.py': '%',
      },
      /lib\/b\.py, line 1/,
    ],
    ['a class of another name', { [MAIN]: 'class Screwcheck: ...\nclass Other: ...\n' }, /it has Screwcheck, Other\./],
    ['no class at all', { [MAIN]: '' }, /it has no class\./],
  ])('%s', async (_, files, message) => {
    expect(await entryOf(files)).toMatchObject({
      result: 'failed',
      code: '2001',
      message: expect.stringMatching(message) as string,
    });
    const error = await refused(
      packageProject(await project(files), { output: folder, offline: true, python: python.executable }),
      'invalid_zip',
    );
    expect(error.message).toMatch(message);
    expect(error.hint).toMatch(/^Correct /);
  });

  describe('a get_info() that can be read off its source', () => {
    const manifest = JSON.stringify({
      ...MANIFEST,
      steps: [{ index: 1, name: 'locate', params: [{ key: 'gain', type: 'float', default: 2.5 }] }],
    });
    /** A class that says of the step's parameters what is given, as Python. */
    const telling = (params: string, version = 'VERSION'): string =>
      [
        'VERSION = "1.0.0"',
        'class Base: ...',
        'class ScrewCheck(Base):',
        '    PIDS = ["A01", "A02"]',
        '    def get_info(self):',
        '        "Says what it is."',
        `        return {"name": "screw-check", "version": ${version}, "supported_pids": self.PIDS, "steps": [{"index": 1, "name": "locate", "params": [${params}]}]}`,
        '',
      ].join('\n');

    it('and disagrees is refused with the step, the parameter and both values, by validate and by package', async () => {
      const files = { 'manifest.json': manifest, [MAIN]: telling('{"key": "gain", "type": "int", "default": 2}') };
      const where = 'get_info() in screw_check/main.py, line 7, disagrees with manifest.json: ';
      const type = 'step 1 locate, parameter "gain": type is "int", the manifest says "float"';
      const value = 'step 1 locate, parameter "gain": default is 2, the manifest says 2.5';
      const message = `${where}${type}; ${value}.`;
      expect(await entryOf(files)).toMatchObject({ result: 'failed', code: '3005', message });
      const options = { output: folder, offline: true, python: python.executable };
      const error = await refused(packageProject(await project(files), options), 'info_mismatch');
      expect(error.message).toBe(message);
    });

    it.each<[string, string]>([
      ['and agrees', telling('{"key": "gain", "type": "float", "default": 2.5}')],
      ['and says less', telling('')],
      ['only in part', telling('{"key": "gain", "type": "int"}', 'str(VERSION)')],
      ['and is replaced', `${telling('{"key": "gain", "type": "int"}')}ScrewCheck.get_info = None\n`],
      ['and uses what others change', `${telling('{"key": "gain", "type": "int"}')}ScrewCheck.PIDS.append("A03")\n`],
    ])('%s passes', async (_, text) => {
      expect(await entryOf({ 'manifest.json': manifest, [MAIN]: text })).toMatchObject({ result: 'passed' });
    });
  });

  it('in a zip, too', async () => {
    const zip = join(await mkdtemp(join(folder, 'zip-')), 'screw-check-v1.0.0-offline.zip');
    await writeFile(zip, packageBytes({ files: { [MAIN]: 'class ScrewCheck(:\n' } }));
    const { report } = await validatePackage(zip, { interpreters: [python], parseSources: true });
    expect(report.fault).toMatchObject({ code: '2001', details: { check: 'sources', path: MAIN, line: 1 } });
  });
});

describe('what only running would tell is not judged:', () => {
  it.each<[string, string]>([
    ['a class from elsewhere', 'from somewhere import ScrewCheck\n'],
    ['all of elsewhere', 'from somewhere import *\n'],
    ['a name made at the end', 'globals()["Screw" + "Check"] = object\n'],
    ['an attribute made when asked', 'def __getattr__(name): ...\n'],
    ['a class under a condition', 'try:\n    import x\nexcept ImportError:\n    pass\nelse:\n    ScrewCheck = x.y\n'],
  ])('%s', async (_, text) => {
    expect(await entryOf({ [MAIN]: text })).toMatchObject({ result: 'passed' });
  });

  it('a file that nobody imports for certain is told, and refused by nobody', async () => {
    const files = { 'tools/old.py': 'print "2"\n', 'screw_check/later.py': 'x = (\n' };
    const entry = await entryOf(files);
    expect(entry?.result).toBe('warning');
    expect(entry?.message).toMatch(/screw_check\/later\.py, line 1: .*tools\/old\.py, line 1: /);
    const sdkWheel = join(folder, wheelFile(SDK_RECIPE));
    await writeFile(sdkWheel, wheelBytes(SDK_RECIPE));
    const options = { output: await mkdtemp(join(folder, 'out-')), offline: true, sdkWheel, python: python.executable };
    expect((await packageProject(await project(files), options)).files).toContain('tools/old.py');
  });

  it('sources made to break the parser cost no verdict', async () => {
    const deep = `x = ${'('.repeat(5_000)}1${')'.repeat(5_000)}\n`;
    expect((await entryOf({ 'screw_check/deep.py': deep }))?.result).not.toBe('failed');
  });
});
