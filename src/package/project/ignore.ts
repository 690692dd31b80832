import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import ignore from 'ignore';
import { isLitter } from '../layout/litter.js';

/** Why something of a project stays out of its package; `null` for what goes in. */
export type WhyLeftOut = 'ignored' | 'secret' | 'desktop' | 'tool';

/** Decides by a path relative to the project, `/` between folders. */
export type Ignore = (path: string, isFolder: boolean) => WhyLeftOut | null;

export const IGNORE_FILE = '.procvisionignore';

/** What tools make and nobody delivers. */
const TOOLS = [
  ...[
    '__pycache__/',
    '*.pyc',
    '*.pyo',
    '*.egg-info/',
    '.eggs/',
    '.git/',
    '.hg/',
    '.svn/',
    '.gitignore',
    '.gitattributes',
  ],
  ...['.venv/', 'venv/', 'node_modules/', '.idea/', '.vscode/', '.mypy_cache/', '.pytest_cache/', '.ruff_cache/'],
  ...['.tox/', '.nox/', '.coverage', '.ipynb_checkpoints/', '*-offline.zip', '*.swp', '*~', IGNORE_FILE],
];

/** What opens doors elsewhere: a package goes to many hosts, and out of everyone's hands. */
const SECRETS = [
  ...['.env', '.env.*', '*.env', '.envrc', '.netrc', '_netrc', '.pypirc', '.npmrc', 'pip.conf', 'pip.ini', '.pgpass'],
  ...['.git-credentials', '.htpasswd', '.vault-token', '*.pem', '*.key', '*.p12', '*.pfx', '*.jks', '*.keystore'],
  ...['*.ppk', '*.kdbx', '*.gpg', 'id_rsa*', 'id_dsa*', 'id_ecdsa*', 'id_ed25519*', '.ssh/', '.gnupg/', '.aws/'],
  ...['.azure/', '.kube/', '.docker/', 'credentials', 'credentials.*', 'secrets', 'secrets.*', 'service-account*.json'],
  ...['.streamlit/secrets.toml', '!.env.example', '!.env.sample', '!.env.template', '!credentials.py', '!secrets.py'],
];

/**
 * What stays out of a package: by kind, and by the project's own `.procvisionignore`, which is written as a `.gitignore`
 * and has the last word: `!name` takes something in that would stay out.
 */
export async function readIgnore(project: string): Promise<Ignore> {
  const text = await readFile(join(project, IGNORE_FILE), 'utf8').catch(() => '');
  const own = ignore({ ignorecase: false }).add(text.replace(/^\ufeff/, ''));
  const [tools, secrets] = [ignore().add(TOOLS), ignore().add(SECRETS)];
  return (path, isFolder) => {
    const asked = isFolder ? `${path}/` : path;
    const { ignored, unignored } = own.test(asked);
    if (ignored) return 'ignored';
    if (unignored) return null;
    if (secrets.ignores(asked)) return 'secret';
    if (isLitter(path)) return 'desktop';
    return tools.ignores(asked) ? 'tool' : null;
  };
}
