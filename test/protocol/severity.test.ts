import { describe, expect, test } from 'vitest';
import { judgeReply, severityOf } from '../../src/protocol/index.js';

const severity = (frame: object) =>
  severityOf(judgeReply({ type: 'result', status: 'ERROR', message: 'no', ...frame }, 'execute', null));

describe('what an answer says about trying again (contract §6)', () => {
  test.each([
    [{ error_class: 'FatalError' }, 'fatal'],
    [{ error_class: 'FatalError', error_code: '1005' }, 'fatal'],
    [{ type: 'error', error_class: 'FatalError' }, 'fatal'],
    [{ error_class: 'RecoverableError' }, 'recoverable'],
    [{ error_class: 'RecoverableError', error_code: '1004' }, 'recoverable'],
    [{ error_code: '1005' }, 'recoverable'],
    [{ error_code: 1005 }, 'recoverable'],
    [{ error_class: 'CameraTimeout', error_code: '1005' }, 'recoverable'],
    [{ error_class: 'GPUOutOfMemoryError', error_code: '1004' }, null],
    [{ error_class: 'ProgramError', error_code: '1005' }, null],
    [{ error_code: '1004' }, null],
    [{ error_code: '9999' }, null],
    [{ error_class: 'constructor' }, null],
    [{}, null],
  ])('%j: %s', (frame, expected) => {
    expect(severity(frame)).toBe(expected);
  });

  test('a result never asks for another attempt, whatever it claims beside', () => {
    expect(severity({ status: 'OK', data: {}, error_class: 'RecoverableError', error_code: '1005' })).toBeNull();
  });

  test('nor does an answer that breaks the contract', () => {
    expect(severity({ status: 'MAYBE', error_class: 'RecoverableError' })).toBeNull();
  });
});
