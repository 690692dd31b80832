import { own } from '../../../machines/own.js';
import { isObject, pointerTo } from '../../base/json/index.js';
import type { Problem } from '../manifest/manifest.js';
import { childrenOf, REFERENCES } from './keywords.js';
import type { Subschema } from './keywords.js';

type Path = readonly (string | number)[];

export interface Indexed {
  readonly schema: Subschema;
  readonly path: Path;
  readonly base: URL;
}

/** What a schema without an `$id` is called while references are followed. */
const NAMELESS = new URL('schema://here/');
/** Names the validator has already. */
const TAKEN = /^https?:\/\/json-schema\.org\//;

/** Every subschema of a schema, and where its references lead. */
export class SchemaIndex {
  readonly #indexed = new Map<Subschema, Indexed>();
  readonly #named = new Map<string, Indexed>();
  readonly #dynamic = new Map<string, Indexed[]>();
  readonly #targets = new Map<Subschema, readonly Indexed[]>();
  readonly problems: Problem[] = [];

  /** @param sizeMax where it stops */
  constructor(
    root: Subschema,
    private readonly sizeMax: number,
  ) {
    this.#named.set(NAMELESS.href, { schema: root, path: [], base: NAMELESS });
    this.#add(root, [], NAMELESS);
    // A reference may lead to a place that was none of a schema before.
    for (const indexed of this.#indexed.values()) this.#follow(indexed);
  }

  get size(): number {
    return this.#indexed.size;
  }

  subschemas(): Iterable<Indexed> {
    return this.#indexed.values();
  }

  targetsOf(schema: Subschema): readonly Indexed[] {
    return this.#targets.get(schema) ?? [];
  }

  pathOf(schema: Subschema): Path {
    return this.#indexed.get(schema)?.path ?? [];
  }

  #add(root: Subschema, at: Path, from: URL): void {
    const waiting: Indexed[] = [{ schema: root, path: at, base: from }];
    for (let next = waiting.pop(); next !== undefined && this.size <= this.sizeMax; next = waiting.pop()) {
      if (this.#indexed.has(next.schema)) continue;
      const indexed = this.#name(next);
      this.#indexed.set(indexed.schema, indexed);
      for (const child of childrenOf(indexed.schema)) {
        waiting.push({ schema: child.schema, path: [...indexed.path, ...child.path], base: indexed.base });
      }
    }
  }

  #name(indexed: Indexed): Indexed {
    const { schema, path } = indexed;
    const id = own(schema, '$id');
    let { base } = indexed;
    if (typeof id === 'string') {
      const named = resolved(id, base);
      if (named === undefined) this.#problem([...path, '$id'], 'is not an address');
      else if (TAKEN.test(named.href))
        this.#problem([...path, '$id'], 'is the name of the JSON Schema standard itself');
      else if (id.startsWith('#')) this.#named.set(named.href, indexed);
      else base = named;
    }
    const there = { schema, path, base };
    if (base !== indexed.base) this.#named.set(withoutFragment(base), there);
    for (const keyword of ['$anchor', '$dynamicAnchor'] as const) {
      const anchor = own(schema, keyword);
      if (typeof anchor !== 'string') continue;
      this.#named.set(`${withoutFragment(base)}#${anchor}`, there);
      if (keyword === '$dynamicAnchor') this.#dynamic.set(anchor, [...(this.#dynamic.get(anchor) ?? []), there]);
    }
    return there;
  }

  #follow({ schema, path, base }: Indexed): void {
    const targets: Indexed[] = [];
    for (const keyword of REFERENCES) {
      const reference = own(schema, keyword);
      if (typeof reference !== 'string') continue;
      const target = this.#find(reference, base);
      if (target === undefined)
        this.#problem([...path, keyword], `leads to ${reference.slice(0, 100)}, which is not in the schema`);
      else targets.push(target);
      const anchor = reference.split('#')[1] ?? '';
      if (keyword === '$dynamicRef') targets.push(...(this.#dynamic.get(anchor) ?? []));
    }
    if (targets.length > 0) this.#targets.set(schema, targets);
  }

  #find(reference: string, base: URL): Indexed | undefined {
    const address = resolved(reference, base);
    if (address === undefined) return undefined;
    const fragment = decoded(address.hash.slice(1));
    const named = this.#named.get(`${withoutFragment(address)}#${fragment}`);
    if (named !== undefined) return named;
    const resource = this.#named.get(withoutFragment(address));
    if (resource === undefined || fragment === '') return resource;
    if (!fragment.startsWith('/')) return undefined;
    return this.#at(resource, fragment);
  }

  #at(resource: Indexed, pointer: string): Indexed | undefined {
    const keys = pointer
      .slice(1)
      .split('/')
      .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
    let value: unknown = resource.schema;
    for (const key of keys) {
      if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
      value = (value as Record<string, unknown>)[key];
    }
    // A boolean schema is the end of every way.
    if (typeof value === 'boolean') return { schema: {}, path: [...resource.path, ...keys], base: resource.base };
    if (!isObject(value)) return undefined;
    this.#add(value, [...resource.path, ...keys], resource.base);
    return this.#indexed.get(value);
  }

  #problem(path: Path, message: string): void {
    this.problems.push({ pointer: pointerTo(path), message });
  }
}

const withoutFragment = (address: URL): string => address.href.split('#')[0] ?? '';

function resolved(reference: string, base: URL): URL | undefined {
  return URL.canParse(reference, base.href) ? new URL(reference, base) : undefined;
}

function decoded(fragment: string): string {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return fragment;
  }
}
