import { EventEmitter } from 'node:events';
import { describe, expect, test } from 'vitest';
import { keysOf } from '../../src/cli/keys.js';
import type { KeyStream, Terminal } from '../../src/cli/terminal.js';

class Keyboard extends EventEmitter implements KeyStream {
  readonly isTTY = true;
  isRaw = false;
  isFlowing = false;
  setRawMode(raw: boolean): void {
    this.isRaw = raw;
  }
  resume(): void {
    this.isFlowing = true;
  }
  pause(): void {
    this.isFlowing = false;
  }
}

const stream = (isTTY: boolean) => ({ isTTY, write: () => true, on: () => undefined });
const terminal = (stdin: KeyStream, isTTY = true): Terminal => ({
  stdin,
  stdout: stream(isTTY),
  stderr: stream(true),
  env: {},
});

describe('keys', () => {
  test('are awaited only where somebody sits at a terminal', () => {
    expect(keysOf(terminal(new Keyboard(), false))).toBeNull();
    expect(keysOf({ stdout: stream(true), stderr: stream(true), env: {} })).toBeNull();
    expect(keysOf(terminal(new Keyboard()))).not.toBeNull();
  });

  test('come one at a time, the terminal is raw only meanwhile', async () => {
    const keyboard = new Keyboard();
    const next = keysOf(terminal(keyboard))?.next(new AbortController().signal);
    expect(keyboard).toMatchObject({ isRaw: true, isFlowing: true });
    keyboard.emit('data', Buffer.from('e'));
    expect(await next).toBe('e');
    expect(keyboard).toMatchObject({ isRaw: false, isFlowing: false });
  });

  test('are awaited no longer when the command is interrupted', async () => {
    const keyboard = new Keyboard();
    const interruption = new AbortController();
    const next = keysOf(terminal(keyboard))?.next(interruption.signal);
    interruption.abort();
    expect(await next).toBe('');
    expect(keyboard.listenerCount('data')).toBe(0);
  });
});
