import { fileNameProblem } from '../../base/files/index.js';
import { pointerTo } from '../../base/json/index.js';
import { paramProblems, repeated } from './check-param.js';
import type { HardJudge } from './check-param.js';
import type { Problem } from './manifest.js';
import type { ManifestInput, StepInput } from './manifest-schema.js';
import { normaliseStep } from './normalise.js';
import { relativePathProblem } from './relative-path.js';

/** What contract §3.1 asks for and a schema cannot say: names that are safe on disk, unique keys, fitting defaults. */
export function manifestProblems(input: ManifestInput, judge: HardJudge): readonly Problem[] {
  const { steps = [] } = input;
  return [
    ...nameProblems(input),
    ...pidProblems(input.supported_pids, judge),
    ...steps.flatMap((step, index) => stepProblems(step, pointerTo(['steps', index]), judge)),
    ...repeated(steps.map(({ index }) => index)).map((index) => ({
      pointer: pointerTo(['steps', index, 'index']),
      message: 'is the index of another step too',
    })),
    ...pathProblems(input),
  ];
}

function nameProblems({ name, version }: ManifestInput): Problem[] {
  return [
    ...problemAt('/name', fileNameProblem(name)),
    ...problemAt('/version', fileNameProblem(version) ?? (version.includes('..') ? 'must not hold ".."' : undefined)),
  ];
}

function pidProblems(pids: readonly string[], judge: HardJudge): Problem[] {
  return [
    ...pids.flatMap((pid, index) => problemAt(pointerTo(['supported_pids', index]), judge.pid(pid))),
    ...repeated(pids).map((index) => ({ pointer: pointerTo(['supported_pids', index]), message: 'is there twice' })),
  ];
}

function stepProblems(step: StepInput, pointer: string, judge: HardJudge): Problem[] {
  if (step.params !== undefined && step.parameters !== undefined) {
    return [{ pointer: `${pointer}/parameters`, message: 'is there beside "params"; keep one of the two' }];
  }
  const field = step.params === undefined ? 'parameters' : 'params';
  const { params } = normaliseStep(step);
  return [
    ...params.flatMap((param, index) => paramProblems(param, `${pointer}${pointerTo([field, index])}`, judge)),
    ...params.flatMap(({ key }, index) => problemAt(`${pointer}${pointerTo([field, index, 'key'])}`, keyProblem(key))),
    ...repeated(params.map(({ key }) => key)).map((index) => ({
      pointer: `${pointer}${pointerTo([field, index, 'key'])}`,
      message: 'is the key of another parameter of this step too',
    })),
  ];
}

function keyProblem(key: string): string | undefined {
  return /[\p{Cc}]/u.test(key) ? 'must not hold control characters' : undefined;
}

function pathProblems({ required_assets: assets = {}, default_config: config = {} }: ManifestInput): Problem[] {
  const paths = [
    ...Object.entries(assets).flatMap(([pid, kinds]) =>
      Object.entries(kinds).map(([kind, path]) => ({ place: ['required_assets', pid, kind], path })),
    ),
    ...Object.entries(config).map(([kind, path]) => ({ place: ['default_config', kind], path })),
  ];
  return paths.flatMap(({ place, path }) => problemAt(pointerTo(place), relativePathProblem(path)));
}

const problemAt = (pointer: string, message: string | undefined): Problem[] =>
  message === undefined ? [] : [{ pointer, message }];
