import { readFile } from 'node:fs/promises';
import {
  beginDeployment,
  completeDeployment,
  nodeFileSystem,
  openAudit,
  openJournal,
  openRegistry,
} from '../../../src/store/index.js';
import type { AuditRecord, FileSystem, OpenStore, StoreLayout } from '../../../src/store/index.js';
import { recordOf } from './stores.js';

/** A store at work, as after a recovery that found nothing. */
export async function openStore(layout: StoreLayout, fs: FileSystem = nodeFileSystem): Promise<OpenStore> {
  return {
    layout,
    journal: await openJournal(layout, {}, fs),
    audit: await openAudit(layout, {}, fs),
    registry: await openRegistry(layout, fs),
  };
}

export async function trailOf(layout: StoreLayout): Promise<AuditRecord[]> {
  const text = await readFile(layout.audit, 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as AuditRecord);
}

export async function deploy(layout: StoreLayout, name: string, version = '1.0.0'): Promise<void> {
  await beginDeployment(layout, name, version);
  await completeDeployment(layout, recordOf(name, version));
}
