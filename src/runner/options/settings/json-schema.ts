import { z } from 'zod';
import { settingsSchema } from './settings-schema.js';

/** JSON Schema (draft 2020-12) of `settings.json`. */
export const settingsJsonSchema = (): Readonly<Record<string, unknown>> =>
  z.toJSONSchema(settingsSchema, { io: 'input', target: 'draft-2020-12' });
