import { manifestJsonSchema } from '../../src/index.js';

export const manifestSchemaFile = (): string => `${JSON.stringify(manifestJsonSchema(), null, 2)}\n`;
