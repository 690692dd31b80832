import { describe, expect, it } from 'vitest';
import { looksSecret, REDACTED, withoutSecrets } from '../../src/effects/index.js';

describe('a name', () => {
  it.each([
    ...['password', 'DB_PASSWORD', 'PGPASSWORD', 'api_key', 'apiKey', 'X-Api-Key', 'token', 'accessToken', 'HF_TOKEN'],
    ...['AWS_SECRET_ACCESS_KEY', 'clientSecret', 'authorization', 'REGISTRY_AUTH', 'MYSQL_PWD', 'SSH_PRIVATE_KEY'],
    ...['LICENSE_KEY', 'session-cookie', 'credentials'],
  ])('%s looks secret', (name) => expect(looksSecret(name)).toBe(true));

  it.each([
    ...['LD_LIBRARY_PATH', 'CUDA_VISIBLE_DEVICES', 'TZ', 'tokenizer', 'tokens', 'author', 'key', 'sort_key', 'passed'],
    ...['bypass', 'OMP_NUM_THREADS', 'keyboard', 'helloMs'],
  ])('%s does not', (name) => expect(looksSecret(name)).toBe(false));
});

describe('data without their secrets', () => {
  it('are the same but for these, at any depth, whose places are told', () => {
    const told: string[] = [];
    const data = {
      a: 1,
      environment: { DB_PASSWORD: 'x', TZ: 'UTC' },
      list: [{ token: { deep: 1 } }, null, 2.5, true],
    };
    expect(withoutSecrets(data, (path) => told.push(path))).toEqual({
      a: 1,
      environment: { DB_PASSWORD: REDACTED, TZ: 'UTC' },
      list: [{ token: REDACTED }, null, 2.5, true],
    });
    expect(told).toEqual(['environment.DB_PASSWORD', 'list[0].token']);
  });

  it('lose the password of an address, and nothing else of a text', () => {
    const told: string[] = [];
    const data = { HTTP_PROXY: 'http://me:hunter2@proxy:8080/x', mail: 'a@b', url: 'http://host:80/a@b' };
    expect(withoutSecrets(data, (path) => told.push(path))).toEqual({
      ...data,
      HTTP_PROXY: `http://me:${REDACTED}@proxy:8080/x`,
    });
    expect(told).toEqual(['HTTP_PROXY']);
  });

  it('end where nobody nests on purpose', () => {
    const deep: unknown = JSON.parse('['.repeat(30_000) + ']'.repeat(30_000));
    expect(JSON.stringify(withoutSecrets(deep))).toBe(`${'['.repeat(20)}"${REDACTED}"${']'.repeat(20)}`);
  });
});
