/** Phrases that sentences about recorded events are made of. */

/** What a trace keeps of an event. */
export type EventData = Readonly<Record<string, unknown>>;

export const operation = (id: unknown): string => (typeof id === 'number' && id > 0 ? ` (operation ${id})` : '');
export const call = (data: EventData): string => `call ${String(data['callId'])}`;
export const releaseIn = ({ key }: EventData): string => (typeof key === 'string' ? key : 'nothing');

/** Slots count from 0, processes from 1. */
export const slot = (data: EventData): string => String(Number(data['slot']) + 1);
export const listed = (value: unknown): string =>
  Array.isArray(value) ? (value as unknown[]).map(String).join(', ') : String(value);
