import { z } from 'zod';
import type { OperationUnderWay } from '../runner-api.js';
import { time } from './common.js';

/** What is under way because somebody asked for it. */
export const operationWire = z.strictObject({
  id: z.int(),
  kind: z.string(),
  /** A PID or several, a `name@version`, a file. */
  subject: z.string(),
  who: z.string(),
  since: time,
  stage: z.string().nullable(),
  can_cancel: z.boolean(),
});
export type OperationWire = z.infer<typeof operationWire>;

export const wireOperation = (operation: OperationUnderWay): OperationWire => ({
  id: operation.id,
  kind: operation.kind,
  subject: operation.subject,
  who: operation.who,
  since: operation.since,
  stage: operation.stage,
  can_cancel: operation.canCancel,
});
