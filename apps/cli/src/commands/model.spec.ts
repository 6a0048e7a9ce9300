import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Command } from 'commander';
import { registerModel } from './model';

const fixtures = path.resolve(__dirname, '../../../../test/fixtures/checkpoints');
let directory = '';
beforeAll(() => {
  directory = mkdtempSync(path.join(os.tmpdir(), 'fedistl-model-'));
});
afterAll(() => {
  rmSync(directory, { recursive: true });
});

/** Runs `fedistl model ...` and returns what it prints on stdout. */
async function model(...args: string[]): Promise<string> {
  const printed: string[] = [];
  const log = jest.spyOn(console, 'log').mockImplementation((line: string) => {
    printed.push(line);
  });
  try {
    const program = new Command().exitOverride();
    registerModel(program);
    await program.parseAsync(['model', ...args], { from: 'user' });
  } finally {
    log.mockRestore();
  }
  return printed.join('\n');
}

const json = async (...args: string[]): Promise<Record<string, unknown>> =>
  JSON.parse(await model(...args, '--json')) as Record<string, unknown>;
const to = (name: string): string => path.join(directory, name);

describe('fedistl model', () => {
  it('imports a DISTL checkpoint, exports it, and finds the same weights', async () => {
    const source = path.join(fixtures, 'distl.pth');
    const imported = await json('import', source, '--out', to('a.safetensors'), '--heads', '2');
    expect(imported).toMatchObject({ layout: 'distl', network: 'student', tensors: 44, initialised: [], ignored: [] });
    expect(imported['config']).toMatchObject({ imageSize: 16, patchSize: 4, embedDim: 8, depth: 2, numHeads: 2 });
    await model('export', to('a.safetensors'), '--format', 'pth', '--out', to('b.pth'));
    await model('import', to('b.pth'), '--out', to('c.safetensors'), '--heads', '2', '--network', 'teacher');
    const weights = (name: string) => readFileSync(to(name)).subarray(-4 * 2000);
    expect(weights('c.safetensors')).toEqual(weights('a.safetensors'));
  });

  it('inspects a checkpoint without taking it in', async () => {
    const found = (await json('inspect', path.join(fixtures, 'distl.pth'))) as unknown as {
      format: string;
      groups: { key: string; layout: string | null; problem: string | null; tensors: { name: string }[] }[];
    };
    expect(found.format).toBe('torch-zip');
    expect(found.groups.map(({ key, layout }) => [key, layout])).toEqual([
      ['student', 'distl'],
      ['teacher', 'distl'],
      ['dino_loss', null],
    ]);
    expect(found.groups[0]!.problem).toMatch(/^WEIGHTS.HEADS_UNKNOWN: /);
    expect(found.groups[0]!.tensors[0]!.name).toBe('module.head.mlp.0.weight');
    expect(await model('inspect', path.join(fixtures, 'timm-half.pth'))).toContain(
      'F16  blocks.0.attn.qkv.weight  [24, 8]',
    );
  });

  it('starts heads that a backbone lacks anew, from the seed', async () => {
    const source = path.join(fixtures, 'dino.pth');
    const report = await json('import', source, '--out', to('d.safetensors'), '--heads', '2', '--channels', '1');
    expect(report['initialised']).toHaveLength(14);
    expect(report['config']).toMatchObject({ inChannels: 1, dinoHead: { outDim: 65_536 } });
  });

  it('makes a model and exports it as ONNX', async () => {
    const made = await json(
      'init',
      '--preset',
      'mini',
      '--prototypes',
      '8',
      '--seed',
      '3',
      '--out',
      to('e.safetensors'),
    );
    expect(made).toMatchObject({ preset: 'mini', seed: 3, config: { dinoHead: { outDim: 8 } } });
    const onnx = await json('export', to('e.safetensors'), '--format', 'onnx', '--out', to('e.onnx'), '--size', '32');
    expect(onnx['inputs']).toEqual([{ name: 'images', shape: [1, 1, 32, 32] }]);
    expect(readFileSync(to('e.onnx'))).toHaveLength(onnx['bytes'] as number);
  });

  it.each([
    ['WEIGHTS.HEADS_UNKNOWN', 'dino.pth', []],
    ['WEIGHTS.SHAPE', 'dino.pth', ['--preset', 'mini']],
    ['WEIGHTS.NETWORK', 'distl.pth', ['--network', 'ema', '--heads', '2']],
    ['TORCH.PICKLE_GLOBAL', 'hostile.pth', []],
    ['VIT.CONFIG_HEADS', 'dino.pth', ['--heads', '3']],
    ['FILE.NOT_FOUND', 'absent.pth', []],
  ])('%s for %s %j', async (code, file, flags) => {
    const run = model('import', path.join(fixtures, file), '--out', to('x.safetensors'), ...flags);
    await expect(run).rejects.toMatchObject({ code });
  });
});
