import { describe, expect, test } from 'vitest';
import { readErrorFrame, readHello } from '../../src/protocol/index.js';

const hello = (fields: object) => readHello({ type: 'hello', ...fields });
const error = (fields: object) => readErrorFrame({ type: 'error', ...fields });

describe('the hello of an algorithm (contract §4)', () => {
  test('is read as it stands when it is in order', () => {
    expect(hello({ sdk_version: '1.4.0', capabilities: ['info', 'reset'], protocol: 1, timestamp_ms: 5 })).toEqual({
      sdkVersion: '1.4.0',
      capabilities: ['info', 'reset'],
      protocol: 1,
      warnings: [],
    });
  });

  test('without an sdk_version is accepted with a warning', () => {
    const { sdkVersion, warnings } = hello({ capabilities: [] });
    expect({ sdkVersion, warnings }).toEqual({ sdkVersion: null, warnings: [expect.stringContaining('sdk_version')] });
  });

  test.each([[null], [{ major: 1 }], [['1.0']], [true]])(
    'with the odd sdk_version %j is accepted with a warning',
    (odd) => {
      const { sdkVersion, warnings } = hello({ sdk_version: odd, capabilities: [] });
      expect({ sdkVersion, warnings }).toEqual({
        sdkVersion: null,
        warnings: [expect.stringContaining('sdk_version')],
      });
    },
  );

  test('a number is an sdk_version too', () => {
    expect(hello({ sdk_version: 2, capabilities: [] })).toMatchObject({ sdkVersion: '2', warnings: [] });
  });

  test('without capabilities has none', () => {
    expect(hello({ sdk_version: '1' })).toMatchObject({ capabilities: [], warnings: [] });
  });

  test('with capabilities that are no list has none, and a warning says so', () => {
    const { capabilities, warnings } = hello({ sdk_version: '1', capabilities: 'info' });
    expect({ capabilities, warnings }).toEqual({
      capabilities: [],
      warnings: [expect.stringContaining('capabilities')],
    });
  });

  test('one odd entry among the capabilities does not cost the others, and a warning says so', () => {
    const { capabilities, warnings } = hello({ sdk_version: '1', capabilities: ['info', 7, 'reset'] });
    expect(capabilities).toEqual(['info', 'reset']);
    expect(warnings).toEqual([expect.stringContaining('capabilities')]);
  });

  test('names a protocol or none; what is no whole number is none, with a warning', () => {
    expect(hello({ sdk_version: '1' })).toMatchObject({ protocol: null, warnings: [] });
    expect(hello({ sdk_version: '1', protocol: 7 })).toMatchObject({ protocol: 7, warnings: [] });
    expect(hello({ sdk_version: '1', protocol: 1.5 })).toMatchObject({
      protocol: null,
      warnings: [expect.stringContaining('protocol')],
    });
  });
});

describe('an error frame (contract §4)', () => {
  test('brings message, code and class', () => {
    expect(error({ message: 'no model', error_code: '1003', error_class: 'FatalError' })).toEqual({
      message: 'no model',
      errorCode: '1003',
      errorClass: 'FatalError',
    });
  });

  test('may leave all of them out', () => {
    const { message, errorCode, errorClass } = error({});
    expect(message).not.toBe('');
    expect({ errorCode, errorClass }).toEqual({ errorCode: null, errorClass: null });
  });

  test('codes are texts on the wire; a number is taken as one', () => {
    expect(error({ error_code: 1003 }).errorCode).toBe('1003');
  });

  test.each([[{ message: 7 }], [{ error_code: ['1003'] }], [{ error_class: { name: 'FatalError' } }]])(
    'odd fields are no fault: %j',
    (fields) => {
      expect(error(fields)).toMatchObject({ errorCode: null, errorClass: null });
    },
  );
});
