import { diagramJsonSchema } from '../../src/index.js';

export const diagramSchemaFile = (): string => `${JSON.stringify(diagramJsonSchema(), null, 2)}\n`;
