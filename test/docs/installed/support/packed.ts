import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));

/** A host's folder with the package in it as npm would lay it: what it packs, and what it depends on, nothing of ours besides. */
export class PackedHost {
  readonly folder = mkdtempSync(join(tmpdir(), 'procvision-host-'));
  readonly package = join(this.folder, 'node_modules', 'procvision-runner');

  constructor() {
    mkdirSync(this.package, { recursive: true });
    // Built already: packing would build once more.
    const words = ['pack', '--ignore-scripts', '--json', '--pack-destination', this.folder];
    const packed = execFileSync('npm', words, { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    const [{ filename } = { filename: '' }] = JSON.parse(packed) as { filename: string }[];
    execFileSync('tar', ['xzf', join(this.folder, filename), '-C', this.package, '--strip-components', '1']);
    const lock = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as {
      packages: Record<string, { dev?: boolean }>;
    };
    for (const [path, { dev = false }] of Object.entries(lock.packages))
      if (path.startsWith('node_modules/') && !dev && !path.slice(1).includes('/node_modules/')) this.#link(path);
    // What a TypeScript host on Node has.
    for (const types of ['@types/node', 'undici-types']) this.#link(`node_modules/${types}`);
  }

  /** Those of other platforms are not there. */
  #link(path: string): void {
    if (!existsSync(join(ROOT, path))) return;
    mkdirSync(dirname(join(this.folder, path)), { recursive: true });
    symlinkSync(join(ROOT, path), join(this.folder, path));
  }

  write(file: string, text: string): string {
    writeFileSync(join(this.folder, file), text);
    return join(this.folder, file);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
