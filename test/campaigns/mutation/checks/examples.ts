import { readdirSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { TestRunner } from 'vitest';
import { collectTests } from 'vitest/internal/browser';
import type { Check } from './check.js';

/** Not compiled, or left from when they were: one judges the invariants, one compares the stepper with the machines. */
const IS_OF_NO_USE = /^(invariants|stepper)\.test\.js$/;

const folder = new URL('../../../machines/', import.meta.url);

/** The examples of test/machines, called one by one as vitest would call them. */
export async function exampleChecks(): Promise<readonly Check[]> {
  const files = readdirSync(folder)
    .filter((name) => name.endsWith('.test.js') && !IS_OF_NO_USE.test(name))
    .map((name) => fileURLToPath(new URL(name, folder)));
  const root = fileURLToPath(new URL('../../../../', import.meta.url));
  const config = { root, setupFiles: [], sequence: {}, tags: [], retry: 0, testTimeout: 0, hookTimeout: 0, name: '' };
  const runner = { config, importFile: (path: string) => import(pathToFileURL(path).href) as Promise<unknown> };
  const collected = await collectTests(files, runner as never);
  return collected.flatMap((file) => testsIn(file as unknown as Task));
}

interface Task {
  readonly type: 'test' | 'suite';
  readonly name: string;
  readonly tasks?: readonly Task[];
}

function testsIn(task: Task): readonly Check[] {
  if (task.type !== 'test') return (task.tasks ?? []).flatMap((inner) => testsIn(inner));
  const test = TestRunner.getTestFn(task as never) as () => Promise<void>;
  const run = async (): Promise<string | null> => {
    try {
      await test();
      return null;
    } catch (error) {
      return error instanceof Error ? (error.message.split('\n', 1)[0] ?? '') : String(error);
    }
  };
  return [{ name: task.name, kind: 'examples', run }];
}
