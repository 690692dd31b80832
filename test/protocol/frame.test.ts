import { describe, expect, it, test } from 'vitest';
import { createFrameDecoder, DEFAULT_FRAME_BYTES_MAX, encodeFrame } from '../../src/protocol/index.js';
import { frameOf, hear, oneByteAtATime, wire } from './support/streams.js';

const HELLO = { type: 'hello', sdk_version: '1.0.0', capabilities: ['info'] };
const PONG = { type: 'pong', request_id: 'ping-1' };
const LATIN_AND_BEYOND = { type: 'result', message: '螺丝缺失 · ß · 🔩', data: { nested: [1, { deep: null }] } };
const CONVERSATION = [HELLO, PONG, LATIN_AND_BEYOND];

describe('a frame is a 4-byte big-endian length and that many bytes of UTF-8 JSON', () => {
  test('the length counts bytes, not characters', () => {
    const frame = encodeFrame({ type: '螺' });
    expect(frame.readUInt32BE(0)).toBe(Buffer.byteLength('{"type":"螺"}'));
    expect(frame.subarray(4).toString()).toBe('{"type":"螺"}');
  });

  test('a message of the longest characters fits into what was made ready for it', () => {
    const message = { type: 'x', text: '\u{10ffff}\uffff'.repeat(1000) };
    expect(hear([encodeFrame(message)]).messages).toEqual([message]);
  });
});

describe('a stream cut anywhere gives the same messages as the whole stream', () => {
  const bytes = wire(...CONVERSATION);

  test('at every single position', () => {
    for (let at = 0; at <= bytes.length; at++) {
      const heard = hear([bytes.subarray(0, at), bytes.subarray(at)]);
      expect(heard, `cut at byte ${at}`).toEqual({ messages: CONVERSATION, faults: [], atEnd: null });
    }
  });

  test('one byte at a time', () => {
    expect(hear(oneByteAtATime(bytes))).toEqual({ messages: CONVERSATION, faults: [], atEnd: null });
  });

  test('with empty chunks in between', () => {
    const chunks = oneByteAtATime(bytes).flatMap((byte) => [new Uint8Array(0), byte]);
    expect(hear(chunks)).toEqual({ messages: CONVERSATION, faults: [], atEnd: null });
  });

  test('a message is given out as soon as its last byte is there', () => {
    const heard: string[] = [];
    const decoder = createFrameDecoder({ onMessage: ({ type }) => heard.push(type), onFault: () => heard.push('!') });
    const first = encodeFrame(HELLO);
    decoder.push(first.subarray(0, -1));
    expect(heard).toEqual([]);
    decoder.push(Buffer.concat([first.subarray(-1), encodeFrame(PONG).subarray(0, 6)]));
    expect(heard).toEqual(['hello']);
  });

  test('a chunk that its owner writes over afterwards does no harm to what was given out', () => {
    const chunk = encodeFrame(HELLO);
    const { messages } = hear([chunk]);
    chunk.fill(0);
    expect(messages).toEqual([HELLO]);
  });
});

describe('protocol faults (contract §4)', () => {
  const faultOf = (bytes: Uint8Array, bytesMax?: number) => {
    const { messages, faults } = hear([bytes], bytesMax);
    expect(messages).toEqual([]);
    expect(faults).toHaveLength(1);
    return faults[0];
  };

  test('length 0', () => {
    expect(faultOf(Buffer.from([0, 0, 0, 0, 0x7b]))).toMatchObject({
      code: '3001',
      message: expect.stringContaining('length of 0') as string,
      details: { first_bytes: '00 00 00 00 7b', text: '····{' },
    });
  });

  test('a length above the cap, before a byte of the body is kept', () => {
    const fault = faultOf(Buffer.from([0, 0, 0, 101]), 100);
    expect(fault).toMatchObject({ code: '3001', details: { first_bytes: '00 00 00 65' } });
    expect(fault?.message).toMatch(/101 bytes.*cap of 100/);
  });

  test('a length of exactly the cap is within it', () => {
    const message = { type: 'x', pad: 'y'.repeat(75) };
    const length = encodeFrame(message).length - 4;
    expect(hear([encodeFrame(message)], length).messages).toEqual([message]);
    expect(hear([encodeFrame(message)], length - 1).faults).toHaveLength(1);
  });

  test('the cap is 2 MiB when nobody says otherwise', () => {
    const header = Buffer.alloc(4);
    header.writeUInt32BE(DEFAULT_FRAME_BYTES_MAX);
    expect(DEFAULT_FRAME_BYTES_MAX).toBe(2 * 1024 * 1024);
    expect(hear([header]).faults).toEqual([]);
    header.writeUInt32BE(DEFAULT_FRAME_BYTES_MAX + 1);
    expect(hear([header]).faults).toHaveLength(1);
  });

  test.each([
    ['invalid UTF-8', Buffer.from([0x7b, 0xff, 0x7d]), /3 bytes is not valid UTF-8/],
    ['a surrogate in UTF-8', Buffer.from('{"type":"\xed\xa0\x80"}', 'latin1'), /not valid UTF-8/],
    ['invalid JSON', Buffer.from('{"type":'), /not valid JSON/],
    ['a byte-order mark', Buffer.from('\ufeff{"type":"x"}'), /not valid JSON/],
    ['a bare word', Buffer.from('NaN'), /not valid JSON/],
    ['an array', Buffer.from('[{"type":"hello"}]'), /not a JSON object/],
    ['a string', Buffer.from('"hello"'), /not a JSON object/],
    ['null', Buffer.from('null'), /not a JSON object/],
    ['an object without a type', Buffer.from('{"kind":"hello"}'), /no "type"/],
    ['a type that is no text', Buffer.from('{"type":7}'), /no "type"/],
  ])('%s', (_what, body, message) => {
    const fault = faultOf(frameOf(body));
    expect(fault).toMatchObject({ code: '3001', name: 'protocol_fault' });
    expect(fault?.message).toMatch(message);
    expect(fault?.details?.['first_bytes']).toMatch(/^7b|^ef|^4e|^5b|^22|^6e/);
  });

  test('shows at most the first 32 bytes, in hex and as text', () => {
    const fault = faultOf(frameOf(`{"a":${'9'.repeat(5000)}`));
    const { first_bytes: hex, text } = fault?.details as { first_bytes: string; text: string };
    expect(hex.split(' ')).toHaveLength(32);
    expect(text).toBe(`{"a":${'9'.repeat(27)}`);
  });

  test('nothing is read after a fault, and the end is not another one', () => {
    const bytes = Buffer.concat([wire(PONG), Buffer.alloc(4), wire(HELLO)]);
    for (let at = 0; at <= bytes.length; at++) {
      const { messages, faults, atEnd } = hear([bytes.subarray(0, at), bytes.subarray(at)]);
      expect({ messages, count: faults.length, atEnd }).toEqual({ messages: [PONG], count: 1, atEnd: null });
    }
  });
});

describe('a stray print on standard output is explained', () => {
  it.each(['loading the model, this may take a while …\n', 'Traceback (most recent call last):\n'])('%j', (text) => {
    const [fault] = hear([Buffer.from(text)]).faults;
    expect(fault?.message).toContain('printed to standard output');
    expect(fault?.message).toContain(text.slice(0, 12));
  });

  it.each(['ready\n', 'x = 1\n', '42\n'])('%j, in one chunk with the hello that follows', (text) => {
    const [fault] = hear([Buffer.concat([Buffer.from(text), wire(HELLO)])]).faults;
    expect(fault?.message).toContain('printed to standard output');
  });

  it('in Chinese, and quotes it readably', () => {
    const [fault] = hear([Buffer.from('模型加载完成\n')]).faults;
    expect(fault?.message).toContain('printed to standard output');
    expect(fault?.message).toContain('模型加载完成');
  });

  it('but an absurd length that is no text is not taken for one', () => {
    const [fault] = hear([Buffer.from([0xff, 0xfe, 0x00, 0x01, 0x02])]).faults;
    expect(fault?.message).not.toContain('printed');
  });
});

describe('the end of a stream', () => {
  test('after whole frames is no fault', () => {
    expect(hear([wire(...CONVERSATION)]).atEnd).toBeNull();
    expect(hear([]).atEnd).toBeNull();
  });

  test('in the middle of a frame is a fault, wherever it is', () => {
    const bytes = wire(PONG);
    for (let at = 1; at < bytes.length; at++) {
      const { messages, atEnd } = hear([bytes.subarray(0, at)]);
      expect(messages).toEqual([]);
      expect(atEnd, `cut at byte ${at}`).toMatchObject({ code: '3001' });
      expect(atEnd?.message).toContain(`after ${at} byte`);
    }
  });

  test('keeps the messages that came whole before it', () => {
    const { messages, atEnd } = hear([wire(HELLO), wire(PONG).subarray(0, 5)]);
    expect(messages).toEqual([HELLO]);
    expect(atEnd?.code).toBe('3001');
  });
});
