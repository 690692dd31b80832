import { isUtf8 } from 'node:buffer';
import { fault } from '../base/errors/index.js';
import type { Fault } from '../base/errors/index.js';

/**
 * The frame codec (contract §4): a 4-byte big-endian length, then that many bytes of UTF-8 JSON, one object.
 *
 * INVARIANTS
 * - A stream cut anywhere gives the same messages as the whole stream.
 * - Memory is bounded by the cap plus one chunk: a length above the cap is a fault before a byte of it is kept.
 * - What is nested too deep is found by counting brackets, and never handed on: whoever walks a message may recurse.
 * - After a fault nothing more is read: a stream that lost its framing never finds it again.
 */
export const DEFAULT_FRAME_BYTES_MAX = 2 * 1024 * 1024;
const HEADER_BYTES = 4;
const QUOTED_BYTES = 32;
const NOTHING = Buffer.alloc(0);

/** Levels of lists and objects in one message. */
export const LEVELS_MAX = 128;
/** In place of what was nested too deep: the beginning of the frame. */
export const TOO_DEEP = Symbol('nested too deep');
const HEAD_BYTES = 2_000;

export interface Message {
  readonly type: string;
  /** It was nested too deep: of its fields only texts, numbers and the like are here. */
  readonly [TOO_DEEP]?: string;
  readonly [field: string]: unknown;
}

export interface FrameDecoder {
  /** Takes the next bytes; calls back for each whole message, or once for the fault that ends the stream. */
  push(chunk: Buffer): void;
  /** The stream ended; a fault when that was in mid-frame, else null. */
  end(): Fault | null;
}

export function createFrameDecoder(options: {
  readonly bytesMax?: number;
  /** @param body as it came; its bytes are valid during the call only */
  readonly onMessage: (message: Message, body: Buffer) => void;
  readonly onFault: (fault: Fault) => void;
}): FrameDecoder {
  const { bytesMax = DEFAULT_FRAME_BYTES_MAX, onMessage, onFault } = options;
  /** The beginning of a frame that is still incomplete; grows by doubling, never beyond a frame of the cap. */
  let kept: Buffer = NOTHING;
  let keptBytes = 0;
  let wanted = HEADER_BYTES;
  let faulted = false;

  const fail = (reason: Fault): null => {
    faulted = true;
    kept = NOTHING;
    keptBytes = 0;
    onFault(reason);
    return null;
  };

  /** Reads whole frames off `bytes` and returns what is left of it, or null after a fault. */
  const readFrames = (bytes: Buffer): Buffer | null => {
    let at = 0;
    while (bytes.length - at >= HEADER_BYTES) {
      const length = bytes.readUInt32BE(at);
      if (length === 0 || length > bytesMax) return fail(badLength(length, bytesMax, bytes.subarray(at)));
      const end = at + HEADER_BYTES + length;
      if (bytes.length < end) {
        wanted = HEADER_BYTES + length;
        return bytes.subarray(at);
      }
      const body = bytes.subarray(at + HEADER_BYTES, end);
      const message = decodeBody(body);
      if ('code' in message) return fail(message);
      onMessage(message.message, body);
      if (faulted) return null;
      at = end;
    }
    wanted = HEADER_BYTES;
    return bytes.subarray(at);
  };

  const keep = (chunk: Buffer): void => {
    const needed = keptBytes + chunk.length;
    if (needed > kept.length) {
      const room = Buffer.allocUnsafeSlow(Math.max(needed, Math.min(kept.length * 2, HEADER_BYTES + bytesMax)));
      kept.copy(room, 0, 0, keptBytes);
      kept = room;
    }
    chunk.copy(kept, keptBytes);
    keptBytes = needed;
  };

  return {
    push(chunk) {
      if (faulted) return;
      let bytes = chunk;
      if (keptBytes > 0) {
        keep(chunk);
        if (keptBytes < wanted) return;
        bytes = kept.subarray(0, keptBytes);
      }
      const rest = readFrames(bytes);
      if (rest === null) return;
      kept = NOTHING;
      keptBytes = 0;
      if (rest.length > 0) keep(rest);
    },
    end() {
      if (faulted || keptBytes === 0) return null;
      return fault('protocol_fault', `The stream ended in the middle of a frame, after ${keptBytes} bytes.`, {
        details: quote(kept.subarray(0, keptBytes)),
      });
    },
  };
}

/** One message as the bytes of its frame. */
export const encodeFrame = (message: object): Buffer => encodeText(JSON.stringify(message));

/** One message that is JSON already as the bytes of its frame. */
export function encodeText(json: string): Buffer {
  const room = Buffer.allocUnsafe(HEADER_BYTES + json.length * 3);
  const length = room.write(json, HEADER_BYTES, 'utf8');
  room.writeUInt32BE(length, 0);
  return room.subarray(0, HEADER_BYTES + length);
}

function decodeBody(body: Buffer): { message: Message } | Fault {
  if (!isUtf8(body)) return badBody('is not valid UTF-8', body);
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch {
    return badBody('is not valid JSON', body);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return badBody('is not a JSON object', body);
  if (typeof (value as { type?: unknown }).type !== 'string') return badBody('has no "type"', body);
  const message = value as Message;
  return { message: isTooDeep(body) ? flattened(message, body) : message };
}

/** Hot path: brackets outside texts are counted; a body that cannot hold so many is not looked at. */
function isTooDeep(body: Buffer): boolean {
  if (body.length < 2 * LEVELS_MAX) return false;
  let levels = 0;
  let inText = false;
  for (let at = 0; at < body.length; at++) {
    const byte = body[at];
    if (inText) {
      if (byte === BACKSLASH) at += 1;
      else if (byte === QUOTE) inText = false;
    } else if (byte === QUOTE) inText = true;
    else if (byte === OPEN_LIST || byte === OPEN_OBJECT) {
      levels += 1;
      if (levels > LEVELS_MAX) return true;
    } else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) levels -= 1;
  }
  return false;
}

const [QUOTE, BACKSLASH, OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [...Buffer.from('"\\[]{}')] as [
  ...[number, number, number, number, number, number],
];

function flattened(message: Message, body: Buffer): Message {
  const flat = Object.entries(message).filter(([, value]) => typeof value !== 'object' || value === null);
  return { ...(Object.fromEntries(flat) as Message), [TOO_DEEP]: body.toString('utf8', 0, HEAD_BYTES) };
}

const badBody = (what: string, body: Buffer): Fault =>
  fault('protocol_fault', `A frame of ${body.length} bytes ${what}.`, { details: quote(body) });

function badLength(length: number, bytesMax: number, bytes: Buffer): Fault {
  const message =
    length === 0
      ? 'A frame announces a length of 0 bytes.'
      : `A frame announces ${length} bytes, above the cap of ${bytesMax}.`;
  const { text } = quote(bytes);
  const stray = looksPrinted(bytes)
    ? ` It begins with the text ${JSON.stringify(text)}: something was printed to standard output.`
    : '';
  return fault('protocol_fault', message + stray, { details: quote(bytes) });
}

/** The first bytes of what could not be read, for people: in hex and as text. */
function quote(bytes: Buffer): { first_bytes: string; text: string } {
  const first = bytes.subarray(0, QUOTED_BYTES);
  return {
    first_bytes: first.toString('hex').replace(/(..)(?!$)/g, '$1 '),
    text: first.toString('utf8').replace(UNPRINTABLE, '·'),
  };
}

const UNPRINTABLE = /[\u0000-\u001f\u007f\ufffd]/g;

/** Whether what was read as a length is rather the beginning of a text: no length below 16 MiB looks like one. */
function looksPrinted(bytes: Buffer): boolean {
  const text = bytes.subarray(0, QUOTED_BYTES).toString('utf8');
  const [first = '\ufffd', second = ''] = text;
  return [first, second].every((character) => character === '' || /[^\p{Cc}\p{Cn}\ufffd]|[\t\n\r]/u.test(character));
}
