import { faultIn, isFailure } from '../../api/trace.js';
import type { TraceRecord } from '../../api/trace.js';
import { visibleText } from '../../base/errors/index.js';
import type { Colors } from '../colors.js';

export const FORMATS = ['compact', 'timeline', 'full'] as const;
export type Format = (typeof FORMATS)[number];

/** Column widths; they grow when something longer comes. */
export class Columns {
  #actor: number;
  #states: number;
  #event: number;

  constructor(records: readonly TraceRecord[] = []) {
    this.#actor = widest(records.map(({ actor }) => actor));
    this.#states = widest(records.map(statesOf));
    this.#event = widest(records.map(({ event }) => event));
  }

  fit(record: TraceRecord): { actor: string; states: string; event: string } {
    const [actor, states, event] = [record.actor, statesOf(record), record.event].map(visibleText) as [
      string,
      string,
      string,
    ];
    this.#actor = Math.max(this.#actor, actor.length);
    this.#states = Math.max(this.#states, states.length);
    this.#event = Math.max(this.#event, event.length);
    return {
      actor: actor.padEnd(this.#actor),
      states: states.padEnd(this.#states),
      event: event.padEnd(this.#event),
    };
  }
}

const statesOf = ({ before, after }: TraceRecord): string => `${before ?? '(new)'} → ${after}`;
const widest = (texts: readonly string[]): number => Math.max(0, ...texts.map((text) => visibleText(text).length));

/** Whether a format has a line for it: a timeline shows what moved and what failed, and of heartbeats what was missed. */
export const isShownIn = (format: Format, record: TraceRecord): boolean =>
  format !== 'timeline' || isFailure(record) || (record.before !== record.after && !isHeartbeat(record));

const isHeartbeat = ({ machine, before, after }: TraceRecord): boolean =>
  machine === 'heartbeat' && [before, after].every((state) => state === null || QUIET.includes(state));

/** Where a heartbeat is while every ping is answered. */
const QUIET: readonly string[] = ['Resting', 'Awaiting'];

export function showRecord(record: TraceRecord, format: Format, columns: Columns, colors: Colors): readonly string[] {
  switch (format) {
    case 'compact':
      return [compact(record, shortened(JSON.stringify(record.data)), columns, colors)];
    case 'timeline':
      return [timeline(record, columns, colors)];
    case 'full':
      return [compact(record, '', columns, colors), ...pretty(record.data).map(colors.dim)];
  }
}

function compact(record: TraceRecord, data: string, columns: Columns, colors: Colors): string {
  const { actor, states, event } = columns.fit(record);
  const line = [
    `#${record.seq}`.padStart(6),
    `+${(record.atUs / 1e6).toFixed(6)}`.padStart(11),
    actor,
    paintStates(record, colors)(states),
    paintEvent(record, colors)(event),
    colors.dim(data === '{}' ? '' : data),
  ];
  return line.join('  ').trimEnd();
}

function timeline(record: TraceRecord, columns: Columns, colors: Colors): string {
  const { actor, states, event } = columns.fit(record);
  const fault = faultIn(record);
  const said = fault === null || !isFailure(record) ? '' : colors.red(`${fault.code} ${shortened(fault.message)}`);
  const time = colors.dim(new Date(record.timeMs).toISOString());
  return [time, actor, paintStates(record, colors)(states), paintEvent(record, colors)(event), said]
    .join('  ')
    .trimEnd();
}

const paintStates = ({ before, after }: TraceRecord, colors: Colors): ((text: string) => string) =>
  before === after ? colors.dim : colors.cyan;

const paintEvent = (record: TraceRecord, colors: Colors): ((text: string) => string) =>
  isFailure(record) ? colors.red : String;

const TEXT_CHARS_MAX = 120;

const shortened = (text: string): string =>
  text.length <= TEXT_CHARS_MAX ? text : `${text.slice(0, TEXT_CHARS_MAX)}…`;

const pretty = (data: object): readonly string[] =>
  Object.keys(data).length === 0
    ? []
    : JSON.stringify(data, null, 2)
        .split('\n')
        .slice(1, -1)
        .map((line) => `        ${line}`);
