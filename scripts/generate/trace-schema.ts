import { traceLineJsonSchema } from '../../src/api/trace.js';

export const traceSchemaFile = (): string => `${JSON.stringify(traceLineJsonSchema(), null, 2)}\n`;
