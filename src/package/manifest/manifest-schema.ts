import { z } from 'zod';
import { paramSchema } from './param-schema.js';

const PIDS_MAX = 50;
export const PIDS_ADVISED = 20;

const relativePath = z.string().min(1).meta({ description: 'Relative to the package, "/" between folders.' });

const stepSchema = z
  .strictObject({
    index: z.int().min(0).meta({ description: 'From 1; a list from 0 is accepted with a warning.' }),
    name: z.string().min(1),
    params: z.array(paramSchema).optional().meta({ title: 'Parameters' }),
    parameters: z.array(paramSchema).optional().meta({ deprecated: true, description: 'Older name of params.' }),
  })
  .meta({ title: 'Step' });

/** manifest.json as authors write it (contract §3.1); what a schema cannot say is in check-manifest. */
export const manifestSchema = z
  .strictObject({
    $schema: z.string().optional().meta({ description: 'For editors; ignored.' }),
    name: z
      .string()
      .regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be 1 to 64 ASCII letters, digits, "_" or "-"')
      .meta({ title: 'Name', description: 'Unique with the version; lower case is advised.' }),
    version: z
      .string()
      .regex(/^[0-9A-Za-z][0-9A-Za-z.+_-]{0,63}$/, 'must be a version such as "1.2.0"')
      .meta({ title: 'Version', description: 'SemVer is preferred; kept as written.' }),
    entry_point: z
      .string()
      .min(1)
      .meta({ title: 'Entry point', description: '"module.sub:Class", "module.sub" or "path/file.py".' }),
    description: z.string().optional().meta({ title: 'Description' }),
    supported_pids: z
      .array(z.string().min(1))
      .min(1)
      .max(PIDS_MAX)
      .meta({ title: 'Product ids', description: 'Must equal supported_pids of get_info().' }),
    steps: z
      .array(stepSchema)
      .min(1)
      .optional()
      .meta({ title: 'Steps', description: 'Without them, what get_info() says at the installation is used.' }),
    required_assets: z
      .record(z.string(), z.record(z.string(), relativePath))
      .optional()
      .meta({ title: 'Required assets', description: 'Per product id and kind, a file of the package.' }),
    default_config: z
      .record(z.string(), relativePath)
      .optional()
      .meta({ title: 'Default configuration', description: 'Per kind, a file of the package.' }),
  })
  .meta({ title: 'ProcVision algorithm manifest' });

export type ManifestInput = z.output<typeof manifestSchema>;
export type StepInput = z.output<typeof stepSchema>;
