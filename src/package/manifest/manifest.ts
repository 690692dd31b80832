import type { Json, JsonObject } from '../../base/json/index.js';

/** What is wrong with a document, and where: a JSON pointer, `''` for the whole. */
export interface Problem {
  readonly pointer: string;
  readonly message: string;
}

export type ManifestWarningCode =
  | 'ignored_key'
  | 'upper_case_name'
  | 'unusual_version'
  | 'many_pids'
  | 'legacy_zero_based'
  | 'legacy_parameters'
  | 'steps_from_info'
  | 'step_gap'
  | 'assets_of_unknown_pid';

export interface ManifestWarning extends Problem {
  readonly code: ManifestWarningCode;
}

export const PARAM_TYPES = ['int', 'float', 'rect', 'enum', 'bool', 'string', 'array', 'json'] as const;
export type ParamType = (typeof PARAM_TYPES)[number];

export type Scalar = string | number | boolean;

export interface NumberValue {
  readonly type: 'int' | 'float';
  readonly min?: number;
  readonly max?: number;
  readonly choices?: readonly number[];
}

/** `{x, y, width, height}` or `"x,y,width,height"`, pixels, origin top left, inside the image. */
export interface RectValue {
  readonly type: 'rect';
}

export interface EnumValue {
  readonly type: 'enum';
  readonly choices: readonly Scalar[];
}

export interface BoolValue {
  readonly type: 'bool';
}

export interface StringValue {
  readonly type: 'string';
  /** Characters (Unicode code points). */
  readonly minLength?: number;
  readonly maxLength: number;
  /** ECMAScript regular expression; found anywhere in the value, as in JSON Schema. */
  readonly pattern?: string;
  readonly choices?: readonly string[];
}

export interface ArrayValue {
  readonly type: 'array';
  readonly item: ItemValue;
  readonly minLength?: number;
  readonly maxLength?: number;
}

export interface JsonValue {
  readonly type: 'json';
  /** JSON Schema, draft 2020-12 or 07. */
  readonly schema?: JsonObject | boolean;
}

export type ItemValue = NumberValue | RectValue | EnumValue | BoolValue | StringValue | JsonValue;

/** What a parameter accepts, without its name. */
export type ValueSpec = ItemValue | ArrayValue;

export type Param = ValueSpec & {
  readonly key: string;
  readonly required: boolean;
  /** Satisfies the parameter's own constraints. */
  readonly default?: Json;
  readonly unit?: string;
  readonly description?: string;
};

export interface Step {
  /** From 1, also where the manifest counts from 0. */
  readonly index: number;
  readonly name: string;
  readonly params: readonly Param[];
}

/** How the algorithm is started (contract §3.1). */
export type EntryPoint =
  | { readonly kind: 'class'; readonly text: string; readonly module: string; readonly className: string }
  | { readonly kind: 'module'; readonly text: string; readonly module: string }
  | { readonly kind: 'file'; readonly text: string; readonly path: string };

/** A valid manifest in one form, whatever spelling the file used (contract §3.1). */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly entryPoint: EntryPoint;
  readonly description?: string;
  readonly supportedPids: readonly string[];
  /** None where the manifest has none: get_info() tells them at the installation. */
  readonly steps: readonly Step[];
  /** How the manifest itself counts them, and with it `get_info`. */
  readonly stepsCountFrom: 0 | 1;
  /** Per PID and kind, a path relative to the package. */
  readonly requiredAssets: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly defaultConfig: Readonly<Record<string, string>>;
}
