import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';

import { gaussianBlur } from './box-blur';
import { type Grey8 } from './grey8';
import { axisWeights } from './resample-weights';
import { resample } from './resample';
import { rotate } from './rotate';
import { testImage } from './test-image';
import { autocontrastTable, equaliseTable, histogram } from './tone';
import { ViewRenderer } from './view-renderer';

interface Case {
  readonly op: 'resample' | 'rotate' | 'autocontrast' | 'equalise' | 'blur' | 'chain';
  readonly image: [kind: number, width: number, height: number];
  readonly sha256: string;
  readonly size: [number, number];
  readonly pixels?: string;
  readonly crop: [left: number, top: number, width: number, height: number];
  readonly to: number;
  readonly angle: number;
  readonly radius: number;
  readonly flip: boolean;
  readonly autocontrast: boolean;
  readonly equalise: boolean;
  readonly blurRadius: number | null;
}

interface Reference {
  readonly pillow: string;
  readonly imagesOf37x29: Record<string, string>;
  readonly impulseBlur05: number[][];
  readonly cases: Case[];
}

const folder = path.resolve(__dirname, '../../../../test/fixtures/views');
const reference = JSON.parse(readFileSync(path.join(folder, 'pillow-reference.json'), 'utf8')) as Reference;

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

function run(c: Case): Uint8Array {
  const image = testImage(...c.image);
  const { width, height, pixels } = image;
  switch (c.op) {
    case 'resample':
    case 'chain':
      return renderChain(c, image);
    case 'rotate': {
      const out = new Uint8Array(width * height);
      rotate(pixels, width, height, c.angle, out);
      return out;
    }
    case 'blur': {
      const out = pixels.slice();
      gaussianBlur(out, width, height, c.radius, {
        image: new Uint8Array(width * height),
        sums: new Int32Array(width),
      });
      return out;
    }
    default: {
      const counts = new Int32Array(256);
      const table = new Uint8Array(256);
      histogram(pixels, pixels.length, counts);
      (c.op === 'equalise' ? equaliseTable : autocontrastTable)(counts, table);
      return pixels.map((v) => table[v]!);
    }
  }
}

function renderChain(c: Case, image: Grey8): Uint8Array {
  const [left, top, width, height] = c.crop;
  const out = new Uint8Array(c.to * c.to);
  const renderer = new ViewRenderer('parity');
  renderer.setImage(image);
  const rest = c.op === 'chain' ? c : { flip: false, angle: 0, autocontrast: false, equalise: false, blurRadius: null };
  renderer.renderBytes(
    {
      crop: { left, top, width, height },
      flip: rest.flip,
      angle: rest.angle,
      autocontrast: rest.autocontrast,
      equalise: rest.equalise,
      blurRadius: rest.blurRadius,
    },
    c.to,
    out,
  );
  return out;
}

describe(`view operations against Pillow ${reference.pillow}`, () => {
  it.each(Object.entries(reference.imagesOf37x29))('test image %s is the one that Pillow saw', (kind, expected) => {
    expect(sha256(testImage(Number(kind), 37, 29).pixels)).toBe(expected);
  });

  const describeCase = (c: Case): string => {
    const rest = Object.entries(c).filter(([key]) => !['op', 'sha256', 'pixels', 'size'].includes(key));
    return `${c.op} ${JSON.stringify(Object.fromEntries(rest))}`;
  };
  it.each(reference.cases.map((c) => [describeCase(c), c] as const))('%s: every byte', (_name, c) => {
    const out = run(c);
    if (c.pixels !== undefined) expect([...out]).toEqual([...Buffer.from(c.pixels, 'base64')]);
    expect(out.length).toBe(c.size[0] * c.size[1]);
    expect(sha256(out)).toBe(c.sha256);
  });

  it('spreads an impulse of 255 by radius 0.5 as the dossier of the method states', () => {
    const pixels = new Uint8Array(81);
    pixels[40] = 255;
    gaussianBlur(pixels, 9, 9, 0.5, { image: new Uint8Array(81), sums: new Int32Array(9) });
    expect([...pixels]).toEqual(reference.impulseBlur05.flat());
    expect([pixels[40], pixels[39], pixels[31], pixels[30], pixels[38]]).toEqual([154, 21, 21, 3, 1]);
  });
});

describe('resample', () => {
  it('keeps within half a level per pass of the real-valued bicubic', () => {
    const { pixels, width, height } = testImage(0, 90, 70);
    const size = 23;
    const horizontal = axisWeights(width, size);
    const vertical = axisWeights(height, size);
    const out = new Uint8Array(size * size);
    resample(
      { pixels, offset: 0, pitch: width, width, height },
      horizontal,
      vertical,
      new Uint8Array(height * size),
      out,
    );
    let worst = 0;
    for (let y = 0; y < size; y++) {
      for (let x = 0; x < size; x++) {
        let sum = 0;
        for (let j = 0; j < vertical.count[y]!; j++) {
          for (let i = 0; i < horizontal.count[x]!; i++) {
            const w =
              (vertical.weight[y * vertical.stride + j]! * horizontal.weight[x * horizontal.stride + i]!) / 2 ** 44;
            sum += w * pixels[(vertical.start[y]! + j) * width + horizontal.start[x]! + i]!;
          }
        }
        worst = Math.max(worst, Math.abs(out[y * size + x]! - Math.min(255, Math.max(0, sum))));
      }
    }
    expect(worst).toBeLessThan(1.2);
  });

  it('has weights that sum to one', () => {
    for (const [from, to] of [
      [256, 64],
      [31, 32],
      [7, 256],
      [100, 99],
    ] as const) {
      const { weight, stride, count } = axisWeights(from, to);
      for (let i = 0; i < to; i++) {
        const sum = weight.subarray(i * stride, i * stride + count[i]!).reduce((a, b) => a + b, 0);
        expect(Math.abs(sum - 2 ** 22)).toBeLessThanOrEqual(stride);
      }
    }
  });
});
