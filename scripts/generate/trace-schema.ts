import { traceLineJsonSchema } from '../../src/index.js';

export const traceSchemaFile = (): string => `${JSON.stringify(traceLineJsonSchema(), null, 2)}\n`;
