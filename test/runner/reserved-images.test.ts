import { existsSync, writeFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import type { CallResult, ImageReservation, Runner } from '../../src/index.js';
import { refusal, refusalOf } from '../images/support/refusal.js';
import { eyesZip } from './support/packages.js';
import { openRunner } from './support/runners.js';

const SHAPE = { width: 64, height: 48, channels: 3 } as const;
let runner: Runner;

beforeAll(async () => {
  runner = await openRunner({ images: { segments: 3 } });
  await runner.install(eyesZip({ name: 'eyes' }));
  await runner.activate('eyes@1.0.0', ['A01']);
});

function reserved(value: number): ImageReservation {
  const reservation = runner.reserveImage(SHAPE, { pid: 'A01' });
  reservation.pixels.fill(value);
  return reservation;
}

function look(image: ImageReservation, what = 'mean', signal?: AbortSignal): Promise<CallResult> {
  const flow = runner.openFlow({ pid: 'A01' });
  const given = { image, params: { do: what }, ...(signal === undefined ? {} : { signal }) };
  return flow.execute(1, given).finally(() => flow.close());
}

describe('an image that a host has reserved', () => {
  test('is given to calls and whole inspections', async () => {
    const reservation = reserved(77);
    await reservation.commit();
    expect(await look(reservation)).toMatchObject({ status: 'OK', data: { seen: { mean: 77, shape: [48, 64, 3] } } });
    expect(await runner.detect({ pid: 'A01', image: reservation })).toMatchObject({ status: 'OK', verdict: 'OK' });
    expect(reservation.release()).toBe(true);
    expect(runner.images).toMatchObject({ leased: 0, reserved: 0 });
  });

  test('serves frame after frame', async () => {
    const reservation = reserved(0);
    for (const value of [1, 2, 3, 4]) {
      reservation.pixels.fill(value);
      expect(await look(reservation)).toMatchObject({ data: { seen: { mean: value } } });
    }
    reservation.release();
  });

  test('may be written by a driver in another process', async () => {
    const reservation = runner.reserveImage(SHAPE, { pid: 'A01' });
    const { path, offsetBytes } = reservation.file;
    const frame = new Uint8Array(64 * 48 * 3).fill(55);
    writeFileSync(path, Buffer.concat([new Uint8Array(offsetBytes), frame]), { flag: 'r+' });
    expect(await look(reservation)).toMatchObject({ data: { seen: { mean: 55 } } });
    reservation.release();
  });

  test('waits with its call for a process that is busy, also when it is released meanwhile', async () => {
    const busy = look(reserved(1), 'sleep 0.3');
    const reservation = reserved(9);
    const waiting = look(reservation);
    await new Promise((resolve) => setImmediate(resolve));
    expect(reservation.release()).toBe(true);
    expect(await waiting).toMatchObject({ data: { seen: { mean: 9 } } });
    await busy;
  });

  test('is free again when its call was cancelled, lost, or refused', async () => {
    const second = reserved(5);
    expect(await look(second, 'exit')).toMatchObject({ outcome: 'lost', failedAttempts: [{}, {}] });
    expect(await look(second, 'mean', AbortSignal.abort())).toMatchObject({ outcome: 'cancelled' });
    expect(await look(second)).toMatchObject({ status: 'OK', data: { seen: { mean: 5 } } });
    second.release();
    expect((await refusalOf(look(second))).faultName).toBe('operation_conflict');
  });

  test('is refused beyond the limit with the time to try again, for an unknown PID, and after the close', async () => {
    const all: ImageReservation[] = [];
    const full = refusal(() => {
      for (;;) all.push(runner.reserveImage(SHAPE));
    });
    expect(full).toMatchObject({ code: '3016', details: { retry_after_ms: expect.any(Number) as number } });
    expect(refusal(() => runner.reserveImage(SHAPE, { pid: 'nobody' })).code).toBe('1001');
    await runner.close();
    expect(existsSync(runner.images.folder)).toBe(false);
    expect(refusal(() => runner.reserveImage(SHAPE)).faultName).toBe('runner_closed');
    expect(refusal(() => all[0]?.pixels).faultName).toBe('operation_conflict');
  });
});
