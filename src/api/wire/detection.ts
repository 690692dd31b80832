import { z } from 'zod';
import type { CallResult, Detection, StepResult } from '../../runner/calls/results.js';
import { fault, list, rect, toMicroseconds } from './common.js';

const facts = { outcome: z.string(), latency_ms: z.number() };
const verdict = z.enum(['OK', 'NG']).nullable();
const anything = z.record(z.string(), z.unknown());

const callWire = z.discriminatedUnion('status', [
  z.strictObject({
    status: z.literal('ERROR'),
    ...facts,
    fault,
    error_code: z.string().nullable(),
    error_class: z.string().nullable(),
  }),
  z.strictObject({
    status: z.literal('OK'),
    ...facts,
    verdict,
    ng_reason: z.string().nullable(),
    defect_rects: list(rect),
    position_rects: list(rect),
    calibration_rects: list(rect),
    debug: anything,
    /** What the algorithm's `data` hold beside. */
    data: anything,
    message: z.string(),
    warnings: list(fault),
  }),
]);
type CallWire = z.infer<typeof callWire>;

const stepWire = z.strictObject({
  step_index: z.int(),
  name: z.string(),
  pre: callWire,
  execute: callWire.nullable(),
});

/** A detection: what was found at the top, call by call below. */
export const detectionWire = z.strictObject({
  pid: z.string(),
  release: z.string(),
  flow_id: z.string(),
  status: z.enum(['OK', 'ERROR']),
  verdict,
  ng_reason: z.string().nullable(),
  latency_ms: z.number(),
  fault: fault.nullable(),
  defect_rects: list(rect),
  position_rects: list(rect),
  steps: list(stepWire),
});
export type DetectionWire = z.infer<typeof detectionWire>;

export const wireDetection = (detection: Detection): DetectionWire => ({
  pid: detection.pid,
  release: detection.release,
  flow_id: detection.flowId,
  status: detection.status,
  verdict: detection.verdict,
  ng_reason: detection.ngReason,
  latency_ms: toMicroseconds(detection.latencyMs),
  fault: detection.fault,
  defect_rects: detection.defectRects,
  position_rects: detection.positionRects,
  steps: detection.steps.map(wireStep),
});

const wireStep = ({ stepIndex, name, pre, execute }: StepResult): z.infer<typeof stepWire> => ({
  step_index: stepIndex,
  name,
  pre: wireCall(pre),
  execute: execute === null ? null : wireCall(execute),
});

function wireCall(call: CallResult): CallWire {
  const latency = toMicroseconds(call.latencyMs);
  if (call.status === 'ERROR')
    return {
      status: call.status,
      outcome: call.outcome,
      latency_ms: latency,
      fault: call.fault,
      error_code: call.errorCode,
      error_class: call.errorClass,
    };
  return {
    status: call.status,
    outcome: call.outcome,
    latency_ms: latency,
    verdict: call.verdict,
    ng_reason: call.ngReason,
    defect_rects: call.defectRects,
    position_rects: call.positionRects,
    calibration_rects: call.calibrationRects,
    debug: call.debug,
    // What the contract does not know passes through to the caller (contract §4).
    data: Object.fromEntries(Object.entries(call.data).filter(([key]) => !TOLD.has(key))),
    message: call.message,
    warnings: call.warnings,
  };
}

const TOLD: ReadonlySet<string> = new Set([
  'result_status',
  'ng_reason',
  'defect_rects',
  'position_rects',
  'calibration_rects',
  'debug',
]);
