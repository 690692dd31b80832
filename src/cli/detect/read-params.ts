import { readFile } from 'node:fs/promises';
import { isObject } from '../../base/json/index.js';
import { usage } from '../failure.js';

type Params = Readonly<Record<string, unknown>>;
export type ParamsByStep = Readonly<Record<number, Params>>;

const HINT = `Give one step's parameters with --step, as in --step 2 --params '{"strictness": "strict"}', or those of several by their index, as in --params '{"1": {…}, "2": {…}}'; @file reads a file.`;

/**
 * Parameters by step index, from JSON on the command line or in a file (`@params.json`).
 *
 * @param step the one step that is run, whose parameters may be given bare
 * @throws RunnerError invalid_usage
 */
export async function readParams(text: string | undefined, step: number | undefined): Promise<ParamsByStep> {
  if (text === undefined) return {};
  const value = parse(text.startsWith('@') ? await readText(text.slice(1)) : text);
  if (!isObject(value)) throw usage('--params has to be a JSON object.', HINT);
  if (isByStep(value)) return value;
  if (step === undefined) throw usage('--params does not say which step its parameters are for.', HINT);
  return { [step]: value };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw usage(`--params is not JSON: ${error instanceof Error ? error.message : String(error)}.`, HINT);
  }
}

const readText = (path: string): Promise<string> =>
  readFile(path, 'utf8').catch((error: unknown) => {
    throw usage(`--params ${path} cannot be read: ${error instanceof Error ? error.message : String(error)}.`);
  });

const isByStep = (value: Params): value is Record<string, Params> =>
  Object.entries(value).every(([key, params]) => /^\d+$/.test(key) && isObject(params));
