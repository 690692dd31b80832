import { z } from 'zod';
import { routeSchema } from '../routes/index.js';
import type { Route } from '../routes/index.js';
import { isSafeFileName } from '../../base/files/index.js';
import { firstIssue, parseJson } from '../text.js';

/** Numbers an operation: unique in a store and rising, also across Runners. 0 is never given. */
export type OperationId = number;

/**
 * What was asked for, in the words of the audit trail.
 *
 * @property what `install`, `activate`, `switch`, `rollback`, `deactivate`, `confirm`, `uninstall` …
 * @property subject a PID or several, a `name@version`, a file
 * @property details plain JSON
 */
export interface OperationEvent {
  readonly who: string;
  readonly what: string;
  readonly subject: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

/**
 * A release to be taken off the disk, its zip remembered (contract §3.3).
 *
 * @property updated_at of its registry entry when that was decided; null: there was none. A release registered anew
 * since then is another one, and left alone.
 */
export interface Uninstallation {
  readonly name: string;
  readonly version: string;
  readonly sha256: string;
  readonly updated_at: string | null;
}

/** All it takes to finish an operation, as often as need be. A route of null unbinds its PID. */
export interface Redo {
  readonly routes?: readonly { readonly pid: string; readonly route: Route | null }[];
  readonly uninstall?: Uninstallation;
}

export interface Announced extends OperationEvent {
  readonly id: OperationId;
  /** When it began, ISO 8601. */
  readonly at: string;
}

/**
 * An operation as its record says.
 *
 * - `begun`: under way, nothing decided
 * - `committed`: decided; what is not done yet will be
 * - `undone`: was decided, failed, and everything is as before; only the audit trail may not know
 */
export type Operation = BegunOperation | CommittedOperation;

export interface BegunOperation extends Announced {
  readonly stage: 'begun';
}

/** @property order of the commits; operations may be committed in another order than they began */
export interface CommittedOperation extends Announced {
  readonly stage: 'committed' | 'undone';
  readonly order: number;
  readonly redo: Redo;
}

export type OperationStage = Operation['stage'];

const time = z.iso.datetime({ offset: true });
const safe = z.string().refine(isSafeFileName, 'cannot be used as a file name');
const announced = {
  id: z.int().positive(),
  at: time,
  who: z.string(),
  what: z.string(),
  subject: z.string(),
  details: z.record(z.string(), z.unknown()).exactOptional(),
};

export const redoSchema: z.ZodType<Redo> = z.strictObject({
  routes: z.array(z.strictObject({ pid: safe, route: routeSchema.nullable() })).exactOptional(),
  uninstall: z
    .strictObject({
      name: safe,
      version: safe,
      sha256: z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 hexadecimal digits'),
      updated_at: time.nullable(),
    })
    .exactOptional(),
});

const begunSchema = z.object(announced);
const committedSchema = z.object({ ...announced, order: z.int().positive(), redo: redoSchema });

const FILE_NAME = /^([1-9]\d{0,15})\.(begun|committed|undone)\.json$/;

/** How far an operation is, is said by the name of its record alone: one rename takes it on. */
export function operationFile(id: OperationId, stage: OperationStage): string {
  return `${id}.${stage}.json`;
}

/** Which operation a file is about; undefined: the journal made no file of that name. */
export function parseOperationFile(file: string): { id: OperationId; stage: OperationStage } | undefined {
  const [, id, stage] = FILE_NAME.exec(file) ?? [];
  return id === undefined ? undefined : { id: Number(id), stage: stage as OperationStage };
}

export function writeOperation({ stage: _stage, ...facts }: Operation): Uint8Array {
  return Buffer.from(`${JSON.stringify(facts)}\n`);
}

type ReadOperation = { readonly ok: true; readonly operation: Operation } | { readonly ok: false; reason: string };

export function readOperation(id: OperationId, stage: OperationStage, bytes: Uint8Array): ReadOperation {
  const parsed = parseJson(bytes);
  if (!parsed.ok) return parsed;
  const result = stage === 'begun' ? begunSchema.safeParse(parsed.value) : committedSchema.safeParse(parsed.value);
  if (!result.success) return { ok: false, reason: firstIssue(result.error) };
  if (result.data.id !== id) return { ok: false, reason: `it is about operation ${result.data.id}` };
  return { ok: true, operation: { ...result.data, stage } as Operation };
}
