import { z } from 'zod';
import { RunnerError } from '../../base/errors/index.js';
import { runPython } from '../python/run-python.js';
import { normaliseName } from '../requirements/project-name.js';
import type { Interpreter } from './interpreter.js';

/** Under `-I`, as environments made with its packages will see them: without those of the user. */
const LIST_SCRIPT = `
import json, sys
from importlib.metadata import distributions
found = {}
for each in distributions():
    try:
        found.setdefault(each.metadata["Name"], each.version)
    except Exception:
        pass
sys.stdout.write("\\n" + json.dumps({str(k): str(v) for k, v in found.items() if k and v}) + "\\n")
`;

const TIMEOUT_MS = 30_000;
const answerSchema = z.record(z.string(), z.string());

/**
 * The interpreter with what it has installed: packages may then do without wheels of that.
 *
 * @throws RunnerError invalid_usage for one that is itself a virtual environment; host_unfit when it does not tell
 */
export async function withSystemPackages(interpreter: Interpreter): Promise<Interpreter> {
  const { path, executable } = interpreter;
  if (interpreter.isVirtual) {
    throw new RunnerError('invalid_usage', `The Python at ${path} is itself a virtual environment.`, {
      hint: 'Environments made from it do not see its packages: name the Python it was made of under interpreters, or leave out systemPackages.',
      details: { interpreter: path },
    });
  }
  const run = await runPython(executable, ['-I', '-c', LIST_SCRIPT], { timeoutMs: TIMEOUT_MS });
  const listed = run.outcome === 'done' ? parsed(run.stdout) : undefined;
  if (listed === undefined) {
    const reason = run.outcome === 'failed' ? run.reason : 'it answered otherwise';
    throw new RunnerError('host_unfit', `The Python at ${path} does not tell what it has installed: ${reason}.`, {
      hint: 'Mend that Python, or take systemPackages away from it under interpreters.',
      details: { interpreter: path },
    });
  }
  const systemPackages = Object.entries(listed).map(([name, version]) => ({ key: normaliseName(name), version }));
  return { ...interpreter, systemPackages };
}

function parsed(stdout: string): Readonly<Record<string, string>> | undefined {
  try {
    return answerSchema.safeParse(JSON.parse(stdout.trim().split('\n').at(-1) ?? '')).data;
  } catch {
    return undefined;
  }
}
