import { z } from 'zod';
import type { Message } from './frame.js';

/**
 * Messages off the hot path, as the contract (§4) shapes them. Algorithms in the field are loose about optional fields,
 * so odd values become warnings here, never faults; results are judged by `reply.ts`, without zod.
 */
const helloSchema = z.object({
  sdk_version: z.union([z.string(), z.number()]).transform(String).nullable().catch(null),
  capabilities: z.array(z.unknown()).catch([]),
  protocol: z.number().int().nullable().default(null).catch(null),
});

export interface Hello {
  readonly sdkVersion: string | null;
  readonly capabilities: readonly string[];
  /** Major version; null when the algorithm names none. */
  readonly protocol: number | null;
  readonly warnings: readonly string[];
}

export function readHello(message: Message): Hello {
  const { sdk_version: sdkVersion, capabilities: given, protocol } = helloSchema.parse(message);
  const capabilities = given.filter((capability) => typeof capability === 'string');
  const warnings = [
    ...(sdkVersion === null ? ['hello has no usable sdk_version'] : []),
    ...('capabilities' in message && !Array.isArray(message['capabilities'])
      ? ['hello.capabilities is not a list']
      : []),
    ...(capabilities.length < given.length ? ['hello.capabilities has entries that are not texts'] : []),
    ...('protocol' in message && protocol === null ? ['hello.protocol is not a whole number'] : []),
  ];
  return { sdkVersion, capabilities, protocol, warnings };
}

const errorSchema = z.object({
  message: z.string().catch('the algorithm gave no message'),
  error_code: z.union([z.string(), z.number()]).transform(String).nullable().catch(null),
  error_class: z.string().nullable().catch(null),
});

export interface ErrorFrame {
  readonly message: string;
  readonly errorCode: string | null;
  readonly errorClass: string | null;
}

export function readErrorFrame(message: Message): ErrorFrame {
  const { message: text, error_code: errorCode, error_class: errorClass } = errorSchema.parse(message);
  return { message: text, errorCode, errorClass };
}

/** What the Runner says after the algorithm's hello. */
export interface RunnerHello {
  readonly runner_version: string;
  readonly heartbeat_interval_ms: number;
  readonly heartbeat_grace_ms: number;
  readonly max_frame_bytes: number;
}

/** Capabilities of ours that an algorithm may announce (contract §4, §6). */
export const CAPABILITIES = { info: 'info', reset: 'reset', sessionState: 'session_state' } as const;
