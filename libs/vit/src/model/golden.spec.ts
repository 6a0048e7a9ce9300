import { createEngine, type Program, tf } from '@fedistl/compute';
import { parseVitConfig } from '../config/check-config';
import { vitParameters } from '../parameters/parameter-list';
import { backboneFeatures, lastAttention } from './backbone';
import { forwardMultiCrop } from './multi-crop';
import { interpolatePositions } from './position-embedding';

/** The golden case of distl.md 7.5: a tiny network whose weights and images are sines. */
const config = parseVitConfig({
  imageSize: 16,
  patchSize: 4,
  inChannels: 3,
  embedDim: 8,
  depth: 2,
  numHeads: 2,
  mlpRatio: 4,
  layerNormEps: 1e-6,
  dropPathRate: 0,
  dinoHead: { hiddenDim: 16, bottleneckDim: 6, outDim: 12 },
  classHead: { hiddenDim: 5, findings: 1 },
});

function weights(phase: number): Map<string, tf.Tensor> {
  return new Map(
    vitParameters(config).map(({ name, shape }, k) => {
      const wave = (i: number) => 0.3 * Math.sin(0.7 * i + 1.1 * k + phase);
      const isNorm = /norm\d?\.weight$/.test(name);
      const value = (i: number) => (name.endsWith('weight_g') ? 1 : isNorm ? 1 + wave(i) / 2 : wave(i));
      const size = shape.reduce((product, side) => product * side, 1);
      return [
        name,
        tf.tensor(
          Float32Array.from({ length: size }, (_, i) => value(i)),
          [...shape],
        ),
      ];
    }),
  );
}

function crop(side: number, shift: number): tf.Tensor {
  const wave = (i: number) => 0.5 + 0.5 * Math.sin(0.05 * i + shift);
  return tf.tensor(
    Float32Array.from({ length: 2 * 3 * side * side }, (_, i) => wave(i)),
    [2, 3, side, side],
  );
}

/** Agreement to the printed seven digits. */
function expectDigits(actual: ArrayLike<number>, printed: readonly number[]): void {
  printed.forEach((value, index) => {
    expect(Math.abs(actual[index]! - value)).toBeLessThan(Math.abs(value) * 2e-6 + 5e-8);
  });
}

describe.each(['wasm', 'js'] as const)('golden case on engine %s', (name) => {
  const crops = () => [crop(20, 0.1), crop(20, 0.2), crop(8, 0.3), crop(8, 0.4)];
  const golden = async (body: () => Record<string, tf.Tensor>) => {
    const engine = await createEngine({ engine: name });
    const program: Program = { name: 'golden', inputs: [], body: () => ({ outputs: body() }) };
    const executable = await engine.compile(program);
    const outputs = await executable.run({});
    await executable.dispose();
    await engine.dispose();
    return (output: string) => outputs.get(output)!.data;
  };

  it('student', async () => {
    const output = await golden(() => {
      const student = weights(0.3);
      const { features, dinoLogits, classLogits } = forwardMultiCrop(student, config, crops());
      const positions = interpolatePositions(student.get('backbone.pos_embed')!, 4, { rows: 5, columns: 5 });
      return { features, dinoLogits, classLogits, positions, attention: lastAttention(student, config, crops()[0]!) };
    });
    expectDigits(
      output('positions'),
      [
        -0.2662701, -0.2926878, -0.1814498, 0.01512681, 0.2045891, 0.2978299, 0.2509967, 0.08611579, -0.155517,
        -0.3153652, -0.3268921, -0.1846767, 0.04439518, 0.2525873, 0.3419836, 0.2705397,
      ],
    );
    const first = [1.273496, -1.629144, 0.3871311, -0.7097238, -0.2940024, 0.6357838, -1.075572, 1.608599];
    const third = [1.369348, -1.280348, 0.182156, -0.482596, -0.6593403, 0.7294207, -1.274228, 1.63952];
    expectDigits(output('features'), first);
    expectDigits(output('features').slice(4 * 8), third);
    expectDigits(output('attention'), [0.1218008, 0.03669541, 0.03945928, 0.0416562, 0.03883539, 0.03605292]);
    expectDigits(output('dinoLogits'), [-0.3761337, 0.4486061, 0.01716745, -0.3845372]);
    expectDigits(output('classLogits'), [0.3714427, 0.3703741, 0.3713573, 0.3704062]);
  });

  it('teacher', async () => {
    const output = await golden(() => {
      const { dinoLogits, classLogits } = forwardMultiCrop(weights(0.9), config, crops().slice(0, 2));
      return { dinoLogits, classLogits };
    });
    expectDigits(output('dinoLogits'), [0.2040457, 0.4757081, -0.567328, 0.1840504]);
    expectDigits(output('classLogits'), [0.2913427, 0.2929151, 0.2916379, 0.2929565]);
  });

  it('one channel with the summed kernel sees a grey image as three equal channels do', async () => {
    const output = await golden(() => {
      const student = weights(0.3);
      const grey = tf.slice(crop(16, 0.5), [0, 0, 0, 0], [2, 1, 16, 16]);
      const kernel = 'backbone.patch_embed.proj.weight';
      const folded = new Map([...student, [kernel, tf.sum(student.get(kernel)!, 1, true)] as const]);
      return {
        three: backboneFeatures(student, config, tf.tile(grey, [1, 3, 1, 1])),
        one: backboneFeatures(folded, { ...config, inChannels: 1 }, grey),
      };
    });
    expectDigits(output('one'), [...output('three')]);
  });
});
