import type { Act } from './acts.js';

/** An act in a few words: `sends call.dispatched to process/1`. */
export function actText(act: Act): string {
  switch (act.act) {
    case 'send':
      return `sends ${act.event.type} to ${act.child}`;
    case 'report':
      return `reports ${act.event.type}`;
    case 'emit':
      return `announces ${act.event.type}`;
    case 'arm':
      return `waits ${act.delayMs} ms for ${act.event.type}`;
    case 'cancel':
      return `waits no longer for ${act.timer}`;
    case 'spawn':
      return `starts ${act.child}`;
    case 'stop':
      return `ends ${act.child}`;
  }
}
