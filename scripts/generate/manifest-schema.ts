import { manifestJsonSchema } from '../../src/api/package.js';

export const manifestSchemaFile = (): string => `${JSON.stringify(manifestJsonSchema(), null, 2)}\n`;
