import type { OsEvent } from '../../../machines/process.events.js';
import { isFailure, severityOf } from '../../protocol/index.js';
import type { Phase, Reply } from '../../protocol/index.js';

/** What an answer means for the process and for further attempts. Hot path: one literal each. */
export function callAnswered(callId: number, reply: Reply, phase: Phase, failuresMax?: number): OsEvent {
  switch (severityOf(reply)) {
    case 'fatal':
      return { type: 'call.answered', callId, outcome: reply.outcome, fatal: true };
    case 'recoverable':
      return { type: 'call.answered', callId, outcome: reply.outcome, recoverable: true };
    case null:
      if (isFailure(reply)) return { type: 'call.answered', callId, outcome: reply.outcome, failed: true };
      if (failuresMax !== undefined && phase !== 'execute')
        return { type: 'call.answered', callId, outcome: reply.outcome, prepared: true };
      return { type: 'call.answered', callId, outcome: reply.outcome };
  }
}
