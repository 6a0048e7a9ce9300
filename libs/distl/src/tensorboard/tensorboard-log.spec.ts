import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type TrainEvent } from '../trainer/train-events';
import { tensorboardLog } from './tensorboard-log';

const directory = mkdtempSync(path.join(tmpdir(), 'fedistl-tensorboard-'));
afterAll(() => {
  rmSync(directory, { recursive: true });
});

/** CRC-32C bit by bit, most significant bit first on reflected input: written apart from what it checks. */
function slowCrc(bytes: Uint8Array): number {
  const reflect = (value: number, bits: number): number => {
    let out = 0;
    for (let bit = 0; bit < bits; bit++) if ((value >>> bit) & 1) out += 2 ** (bits - 1 - bit);
    return out;
  };
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc = (crc ^ (reflect(byte, 8) << 24)) >>> 0;
    for (let bit = 0; bit < 8; bit++) crc = (crc & 0x80000000 ? (crc << 1) ^ 0x1edc6f41 : crc << 1) >>> 0;
  }
  return (reflect(crc, 32) ^ 0xffffffff) >>> 0;
}

/** Data of all records, each sum checked. */
function records(file: Buffer): Buffer[] {
  const found: Buffer[] = [];
  const unmasked = (value: number): number => {
    const turned = (value - 0xa282ead8) >>> 0;
    return ((turned >>> 17) | (turned << 15)) >>> 0;
  };
  for (let at = 0; at < file.length;) {
    const length = Number(file.readBigUInt64LE(at));
    const data = file.subarray(at + 12, at + 12 + length);
    expect(unmasked(file.readUInt32LE(at + 8))).toBe(slowCrc(file.subarray(at, at + 8)));
    expect(unmasked(file.readUInt32LE(at + 12 + length))).toBe(slowCrc(data));
    found.push(data);
    at += length + 16;
  }
  return found;
}

/** Fields of a protobuf message: number and raw value, in order. */
function fields(message: Buffer): [number, number | Buffer][] {
  const found: [number, number | Buffer][] = [];
  let at = 0;
  const varint = (): number => {
    let [value, scale, byte] = [0, 1, 0x80];
    while (byte & 0x80) {
      byte = message[at++]!;
      value += (byte & 0x7f) * scale;
      scale *= 128;
    }
    return value;
  };
  while (at < message.length) {
    const key = varint();
    if ((key & 7) === 0) found.push([key >>> 3, varint()]);
    else if ((key & 7) === 1) found.push([key >>> 3, message.readDoubleLE((at += 8) - 8)]);
    else if ((key & 7) === 5) found.push([key >>> 3, message.readFloatLE((at += 4) - 4)]);
    else {
      const length = varint();
      found.push([key >>> 3, message.subarray(at, (at += length))]);
    }
  }
  return found;
}

function read(name: string): { step: number; values: Record<string, number> }[] {
  return records(readFileSync(path.join(directory, name))).map((data) => {
    const all = fields(data);
    const of = (number: number): number | Buffer | undefined => all.find(([at]) => at === number)?.[1];
    const values = all.filter(([number]) => number === 5).flatMap(([, summary]) => fields(summary as Buffer));
    return {
      step: (of(2) as number | undefined) ?? 0,
      values: Object.fromEntries(
        values.map(([, value]) => {
          const [[, tag], [, number]] = fields(value as Buffer) as [[number, Buffer], [number, number]];
          return [tag.toString(), number];
        }),
      ),
    };
  });
}

it('a reader of its own finds every number, with whole records', () => {
  const log = tensorboardLog(directory, () => 1_700_000_000_500);
  const step = {
    kind: 'step',
    epoch: 0,
    steps: 400,
    learningRate: 0.5,
    loss: 2.5,
    dino: null,
    classification: 0.25,
  } as const;
  log({ kind: 'stage-started', stage: 0, images: 8, epochs: 1, steps: 400 });
  log({ ...step, stage: 0, step: 300 });
  log({ ...step, stage: 2, step: 0, dino: 5.5 });
  log({ kind: 'correction', stage: 2, step: 0, loss: 0.75 });
  log({
    kind: 'epoch',
    stage: 2,
    epoch: 1,
    steps: 10,
    loss: 4,
    dino: 1,
    classification: 2,
    correction: null,
  } as TrainEvent);
  const [name] = readdirSync(directory);
  expect(name).toBe('events.out.tfevents.1700000000500.fedistl');
  const [version, ...points] = read(name!);
  expect(version).toEqual({ step: 0, values: {} });
  expect(points).toEqual([
    { step: 300, values: { 'loss/initial': 2.5, 'classification/initial': 0.25, 'learningRate/initial': 0.5 } },
    { step: 0, values: { 'loss/T2': 2.5, 'dino/T2': 5.5, 'classification/T2': 0.25, 'learningRate/T2': 0.5 } },
    { step: 0, values: { 'correction/T2': 0.75 } },
    { step: 20, values: { 'epoch_loss/T2': 4, 'epoch_dino/T2': 1, 'epoch_classification/T2': 2 } },
  ]);
});

it('nothing is written of a run that does nothing', () => {
  const before = readdirSync(directory).length;
  tensorboardLog(directory, () => 5)({ kind: 'stage-ended', stage: 0 });
  expect(readdirSync(directory)).toHaveLength(before);
});
