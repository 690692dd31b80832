import { diagramJsonSchema } from '../../src/api/diagrams.js';

export const diagramSchemaFile = (): string => `${JSON.stringify(diagramJsonSchema(), null, 2)}\n`;
