import { z } from 'zod';

/** The value of `max_length` for strings whose manifest gives none (contract §3.1). */
export const STRING_LENGTH_MAX = 1000;

const length = z.int().min(0);
const scalar = z.union([z.string(), z.number(), z.boolean()]);

const common = {
  key: z.string().min(1).max(100).meta({ title: 'Key', description: 'Name of the parameter in user_params.' }),
  required: z.boolean().optional().meta({ description: 'Must the host give a value when there is no default?' }),
  unit: z.string().optional().meta({ description: 'Unit shown to people: "px", "ms", "mm", …' }),
  description: z.string().optional(),
};

const number = <T extends 'int' | 'float'>(type: T, value: z.ZodNumber) =>
  z.strictObject({
    ...common,
    type: z.literal(type),
    default: value.nullish(),
    min: z.number().optional(),
    max: z.number().optional(),
    choices: z.array(value).min(1).optional(),
  });

const rect = z.union([
  z.strictObject({ x: z.number(), y: z.number(), width: z.number(), height: z.number() }),
  z.string().meta({ description: '"x,y,width,height"' }),
]);

const jsonSchema = z
  .union([z.record(z.string(), z.unknown()), z.boolean()])
  .meta({ description: 'JSON Schema of the value, draft 2020-12 or 07.' });

/** Every field and parameter type of contract §3.1, one strict object per type. */
export const paramSchema = z
  .discriminatedUnion('type', [
    number('int', z.int()).meta({ title: 'Whole number' }),
    number('float', z.number()).meta({ title: 'Number' }),
    z
      .strictObject({ ...common, type: z.literal('rect'), default: rect.nullish() })
      .meta({ title: 'Rectangle', description: 'Pixels, origin top left, inside the image.' }),
    z
      .strictObject({ ...common, type: z.literal('enum'), default: scalar.nullish(), choices: z.array(scalar).min(1) })
      .meta({ title: 'Choice' }),
    z.strictObject({ ...common, type: z.literal('bool'), default: z.boolean().nullish() }).meta({ title: 'Yes or no' }),
    z
      .strictObject({
        ...common,
        type: z.literal('string'),
        default: z.string().nullish(),
        min_length: length.optional(),
        max_length: length.optional().meta({ description: `Characters; ${STRING_LENGTH_MAX} when absent.` }),
        pattern: z.string().optional().meta({ description: 'ECMAScript regular expression, found anywhere.' }),
        choices: z.array(z.string()).min(1).optional(),
      })
      .meta({ title: 'Text' }),
    z
      .strictObject({
        ...common,
        type: z.literal('array'),
        default: z.array(z.unknown()).nullish(),
        item_type: z.enum(['int', 'float', 'rect', 'enum', 'bool', 'string', 'json']),
        min_length: length.optional().meta({ description: 'Items.' }),
        max_length: length.optional().meta({ description: 'Items.' }),
        min: z.number().optional().meta({ description: 'Of each int or float item.' }),
        max: z.number().optional().meta({ description: 'Of each int or float item.' }),
        choices: z.array(scalar).min(1).optional().meta({ description: 'Of each item.' }),
        pattern: z.string().optional().meta({ description: 'Of each string item.' }),
        schema: jsonSchema.optional(),
      })
      .meta({ title: 'List' }),
    z
      .strictObject({
        ...common,
        type: z.literal('json'),
        default: z.unknown().optional(),
        schema: jsonSchema.optional(),
      })
      .meta({ title: 'Any JSON' }),
  ])
  .meta({ title: 'Parameter' });

export type ParamInput = z.output<typeof paramSchema>;
