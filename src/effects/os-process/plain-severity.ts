/**
 * How bad a line of plain text is, by the marks that Python, its logging and C libraries put before it.
 *
 * INVARIANT: what is not marked is ordinary: a print is never made worse than its author wrote it.
 */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** A line further in than this is not searched for a mark. */
const MARKED_CHARACTERS = 100;

const BEGINS_TRACE =
  /^\s*(Traceback \(most recent call last\)|Exception (in thread|ignored in)|Fatal Python error|(Current thread|Thread) 0x)/;
const GOES_ON = /^(\s|$)|^(During handling of|The above exception)/;
/** `ValueError: no image`, the last line of a trace. */
const NAMED_ERROR = /^[A-Za-z_][\w.]*(Error|Exception|Interrupt|Exit|Panic\w*)(:|$)/;
const NATIVE_END = /^(terminate called|libc\+\+abi: terminating|Segmentation fault|Aborted|.*Assertion .* failed)/;
const WARNING = /^[^ ]*:\d+: \w*Warning: |^\w*Warning: /;
/** `ERROR:lens:dirty`, `2026-11-30 12:00:00 [ERROR] dirty`, `[ WARN:0@0.12] dirty`, `error: dirty`. */
const MARK = /(?:^|[\s[(<|:-])(CRITICAL|FATAL|ERROR|WARNING|WARN|INFO|DEBUG|TRACE)(?=$|[\s\])>|:,-])/;
const LOWER_MARK = /^\[?(critical|fatal|error|warning|warn|info|debug|trace)\]?:/i;
/** Of glog: `E1130 12:00:00.123`. */
const GLOG = /^([EFWI])\d{4} \d\d:/;

export class PlainSeverity {
  #inTrace = false;

  /** Of the next line; lines of one trace belong together. */
  of(line: string): LogLevel {
    if (BEGINS_TRACE.test(line)) this.#inTrace = true;
    else if (this.#inTrace && !GOES_ON.test(line)) {
      this.#inTrace = false;
      if (/^[\w.]+(:|$)/.test(line)) return 'error';
    }
    return this.#inTrace || NAMED_ERROR.test(line) || NATIVE_END.test(line) ? 'error' : marked(line);
  }
}

function marked(line: string): LogLevel {
  if (WARNING.test(line)) return 'warn';
  const head = line.slice(0, MARKED_CHARACTERS);
  const mark = MARK.exec(head)?.[1] ?? LOWER_MARK.exec(head)?.[1] ?? GLOG.exec(head)?.[1];
  return mark === undefined ? 'info' : readLevel(mark);
}

/** By whatever name. */
export function readLevel(level: unknown): LogLevel {
  const text = typeof level === 'string' ? level.toLowerCase() : '';
  if (text.startsWith('debug') || text === 'trace') return 'debug';
  if (text.startsWith('warn') || text === 'w') return 'warn';
  return ['error', 'critical', 'fatal', 'e', 'f'].includes(text) ? 'error' : 'info';
}
