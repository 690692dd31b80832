import { visibleText } from './visible-text.js';

/**
 * What went wrong, as plain data: it travels in events, rests in the registry and is shown to people.
 *
 * INVARIANTS
 * - A fault is JSON: no Error objects, no functions, so that a trace can hold it and a replay can compare it.
 * - Its code is one of FAULT_CODES; contract §10 fixes 1xxx, 2xxx and 9999, codes from 3001 up are the Runner's own.
 *   An algorithm's own `error_code` is passed through in `details`, never invented here.
 */
export const FAULT_CODES = {
  invalid_pid: '1001',
  image_load_failed: '1002',
  model_not_found: '1003',
  gpu_oom: '1004',
  timeout: '1005',
  invalid_params: '1006',
  coordinate_invalid: '1007',
  invalid_zip: '2001',
  manifest_missing: '2002',
  incompatible_python: '2003',
  wheels_missing: '2004',
  install_failed: '2005',
  activation_conflict: '2006',
  unsafe_uninstall: '2007',
  protocol_fault: '3001',
  process_lost: '3002',
  start_failed: '3003',
  protocol_unsupported: '3004',
  info_mismatch: '3005',
  restarts_used_up: '3006',
  queue_full: '3007',
  call_cancelled: '3008',
  contract_violation: '3009',
  algorithm_error: '3010',
  release_not_found: '3011',
  release_not_ready: '3012',
  operation_conflict: '3013',
  already_installed: '3014',
  flow_ended: '3015',
  image_pool_full: '3016',
  store_locked: '3017',
  store_corrupt: '3018',
  store_io_failed: '3019',
  host_unfit: '3020',
  runner_closed: '3021',
  invalid_usage: '3022',
  memory_exceeded: '3023',
  operation_cancelled: '3024',
  probation_failed: '3025',
  log_interrupted: '3026',
  trace_interrupted: '3027',
  actor_failed: '3028',
  output_failed: '3029',
  isolation_weak: '3030',
  release_altered: '3031',
  image_doubtful: '3032',
  images_damaged: '3033',
  settings_invalid: '3034',
  sdk_unsupported: '3035',
  unknown_error: '9999',
} as const;

export type FaultName = keyof typeof FAULT_CODES;
export type FaultCode = (typeof FAULT_CODES)[FaultName];

/**
 * @property code what kind of failure, stable for programs (contract §10)
 * @property message what is wrong and where, one or two sentences for a person
 * @property hint what to do next
 * @property details facts a program may want (exit code, last stderr lines, the raw frame, …), plain JSON
 */
export interface Fault {
  readonly code: FaultCode;
  readonly name: FaultName;
  readonly message: string;
  readonly hint?: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

export function fault(
  name: FaultName,
  message: string,
  more: { hint?: string; details?: Readonly<Record<string, unknown>> } = {},
): Fault {
  return { code: FAULT_CODES[name], name, ...visibleWords({ message, ...more }) };
}

/** What a person reads of a failure, whoever wrote it; `details` keep it as it came. */
export const visibleWords = <T extends { readonly message: string; readonly hint?: string }>(words: T): T => ({
  ...words,
  message: visibleText(words.message),
  ...(words.hint === undefined ? {} : { hint: visibleText(words.hint) }),
});

/** An effect that failed reports a fault; anything else that reaches a machine as an error is unforeseen: 9999. */
export function faultOf(error: unknown): Fault {
  if (isFault(error)) return error;
  return fault('unknown_error', error instanceof Error ? error.message : String(error));
}

/** A file system's error has a code, a name and a message, too: only ours go together. */
function isFault(value: unknown): value is Fault {
  if (typeof value !== 'object' || value === null || !('code' in value && 'name' in value)) return false;
  return 'message' in value && FAULT_CODES[value.name as FaultName] === value.code;
}
