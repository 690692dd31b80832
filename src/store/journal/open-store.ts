import type { Audit } from '../audit/index.js';
import type { StoreLayout } from '../layout.js';
import type { Registry } from '../registry/index.js';
import type { Journal } from './journal.js';

/** A store at work: what an operation on several files needs of it. */
export interface OpenStore {
  readonly layout: StoreLayout;
  readonly journal: Journal;
  readonly audit: Audit;
  readonly registry: Registry;
}
