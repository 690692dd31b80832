import { Option } from 'commander';
import { probeImageFile } from '../../api/images.js';
import type { BitDepth, DecodeOptions } from '../../api/images.js';
import { countFrom1 } from '../arguments.js';
import type { Colors } from '../colors.js';
import { CLI } from '../cli.js';
import { resultCommand } from '../command.js';
import { Annotator } from '../detect/annotator.js';
import { inspectImages } from '../detect/inspect-images.js';
import type { Inspected } from '../detect/inspect-images.js';
import { readParams } from '../detect/read-params.js';
import { wireDetection } from '../../api/wire/detection.js';
import { withServingRelease } from '../../api/serving-release.js';
import { deadlineOptions, timingsOf } from '../deadlines.js';
import type { DeadlineOptions } from '../deadlines.js';
import { EXIT } from '../exit-codes.js';
import { shownPath } from '../shown-path.js';
import { table } from '../table.js';
import type { Cell } from '../table.js';

interface Options extends DeadlineOptions {
  readonly pid: string;
  readonly image: readonly string[];
  readonly step?: number;
  readonly params?: string;
  readonly annotate?: string;
  readonly bitDepth?: string;
  readonly pixelsMax?: number;
}

export const detect = resultCommand<[], Options, readonly Inspected[]>({
  options: [
    new Option('--pid <pid>', 'product id').makeOptionMandatory(),
    new Option(
      '--image <file...>',
      'PNG, JPEG, TIFF, BMP or WebP files; each gets a flow of its own',
    ).makeOptionMandatory(),
    new Option('--step <n>', 'only this step').argParser(countFrom1),
    new Option('--params <json>', 'parameters by step index, or those of --step; @file reads them from a file'),
    new Option('--bit-depth <bits>', 'significant bits of 16-bit files').choices(['10', '12', '14', '16']),
    new Option('--pixels-max <n>', 'pixels of the largest image that is decoded; 50 million').argParser(countFrom1),
    ...deadlineOptions('helloMs', 'confirmMs', 'preMs', 'executeMs'),
    new Option('--annotate <folder>', 'write a PNG per image with what was found: defects red, positions green'),
  ],

  async run(context, _args, { pid, image: images, step, params: text, annotate, bitDepth, pixelsMax, ...deadlines }) {
    const params = await readParams(text, step);
    // A mistyped path is refused here, before any process is started for the others.
    for (const image of images) await probeImageFile(image);
    const decoding: DecodeOptions = {
      ...(bitDepth === undefined ? {} : { bitDepth: Number(bitDepth) as BitDepth }),
      ...(pixelsMax === undefined ? {} : { pixelsMax }),
    };
    return context.withRunner(
      (api) =>
        withServingRelease(api, pid, { ...CLI, onStart: (release) => context.progress(`starting ${release}`) }, () =>
          inspectImages(api, {
            pid,
            images,
            params,
            decoding,
            signal: context.signal,
            ...(step === undefined ? {} : { steps: [step] }),
            ...(annotate === undefined ? {} : { annotator: new Annotator(annotate) }),
            onImage: (number) => context.progress('inspecting', Math.round(((number - 1) / images.length) * 100)),
          }),
        ),
      timingsOf(deadlines),
    );
  },

  json: (inspected) =>
    inspected.map(({ image, pid, detection, fault, annotated }) => ({
      image,
      annotated,
      ...(detection === null ? { pid, status: 'ERROR', verdict: null, fault, steps: [] } : wireDetection(detection)),
    })),

  show(inspected, colors) {
    const annotated = inspected.flatMap(({ annotated: file }) => (file === null ? [] : [shownPath(file)]));
    return {
      lines: table(['image', 'PID', 'verdict', 'reason', 'ms'], inspected.map(rowOf(colors)), colors),
      notes: annotated.map((file) => `wrote ${file}`),
      next: inspected.every(({ fault }) => fault === null) ? ['trace', 'show', 'latest'] : ['logs', '--tail', '20'],
    };
  },

  exitCode: (inspected) => (inspected.every(({ fault }) => fault === null) ? EXIT.done : EXIT.failed),
});

const rowOf =
  (colors: Colors) =>
  ({ image, pid, detection, fault }: Inspected): readonly Cell[] => {
    const verdict: Cell =
      fault !== null
        ? ['ERROR', colors.red]
        : detection?.verdict === 'NG'
          ? ['NG', colors.red]
          : detection?.verdict === 'OK'
            ? ['OK', colors.green]
            : 'none';
    const reason = fault === null ? (detection?.ngReason ?? '') : `${fault.code} ${fault.message}`;
    return [shownPath(image), pid, verdict, reason, detection?.latencyMs.toFixed(0) ?? ''];
  };
