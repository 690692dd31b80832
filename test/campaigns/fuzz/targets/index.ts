import type { TargetName } from '../options.js';
import type { Target } from '../target.js';

/** Loaded when they are wanted: a child has one of them. */
export async function loadTarget(name: TargetName): Promise<Target> {
  switch (name) {
    case 'zips':
      return (await import('./zips.js')).zips;
    case 'manifests':
      return (await import('./manifests.js')).manifests;
    case 'wheels':
      return (await import('./wheels.js')).wheels;
    case 'frames':
      return (await import('./frames.js')).frames;
    case 'images':
      return (await import('./images.js')).images;
    case 'stores':
      return (await import('./stores.js')).stores;
  }
}
