import type { OsEvent } from '../../../machines/process.events.js';
import { isFailure, severityOf } from '../../protocol/index.js';
import type { Reply } from '../../protocol/index.js';

/** What an answer means for the process and for further attempts. Hot path: one literal each. */
export function callAnswered(callId: number, reply: Reply): OsEvent {
  switch (severityOf(reply)) {
    case 'fatal':
      return { type: 'call.answered', callId, outcome: reply.outcome, fatal: true };
    case 'recoverable':
      return { type: 'call.answered', callId, outcome: reply.outcome, recoverable: true };
    case null:
      if (isFailure(reply)) return { type: 'call.answered', callId, outcome: reply.outcome, failed: true };
      return { type: 'call.answered', callId, outcome: reply.outcome };
  }
}
