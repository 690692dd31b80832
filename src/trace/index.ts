export { decorate, stateName } from './decorate.js';
export { machineHash } from './machine-hash.js';
export { openRecorder } from './recorder.js';
export type { Recorder, RecorderOptions } from './recorder.js';
export { readTrace } from './reader.js';
export { TRACE_VERSION } from './schema.js';
export type { TraceHeader, TraceRecord } from './schema.js';
