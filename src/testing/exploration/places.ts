/** What an actor's place is taken by. */
export type PlaceKind = 'machine' | 'os' | 'effect';

export interface Place {
  readonly number: number;
  /** Ids from the root's children down, joined by `/`; the root's own is its machine's id. */
  readonly path: string;
  readonly id: string;
  readonly kind: PlaceKind;
  readonly parent: Place | null;
  readonly children: Place[];
  /** Number of the child of the root it belongs to; 0 for the root and its effects. */
  readonly group: number;
}

/** Every place an actor has ever had; an empty one waits for its next. */
export class Places {
  readonly all: Place[] = [];
  /** Places by group. */
  readonly groups: Place[][] = [];

  root(id: string): Place {
    return this.#add(id, id, 'machine', null, 0);
  }

  childOf(parent: Place, id: string, kind: PlaceKind): Place {
    const known = this.find(parent, id);
    if (known !== undefined) return known;
    const isTop = parent.parent === null;
    const group = isTop && kind === 'machine' ? this.groups.length : parent.group;
    return this.#add(isTop ? id : `${parent.path}/${id}`, id, kind, parent, group);
  }

  find(parent: Place, id: string): Place | undefined {
    for (const child of parent.children) if (child.id === id) return child;
    return undefined;
  }

  #add(path: string, id: string, kind: PlaceKind, parent: Place | null, group: number): Place {
    const place: Place = { number: this.all.length, path, id, kind, parent, children: [], group };
    this.all.push(place);
    parent?.children.push(place);
    (this.groups[group] ??= []).push(place);
    return place;
  }
}
