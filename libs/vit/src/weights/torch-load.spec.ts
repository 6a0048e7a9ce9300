import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { float32Tensor } from '@fedistl/core';
import { writeFileAtomic } from '@fedistl/core/node';
import { torchFileParts } from '../torch/torch-writer';
import { nameCheckpoint } from './checkpoint-names';
import { chooseNetwork } from './choose-network';
import { exportWeights } from './export-weights';
import { inferVitConfig } from './infer-config';
import { loadWeights } from './load-weights';
import { withWeightFile } from './weight-file';

const fixtures = path.resolve(__dirname, '../../../../test/fixtures/checkpoints');

/** A Python with PyTorch, if there is one: FEDISTL_PYTHON, else the system's. */
const python = [process.env['FEDISTL_PYTHON'], '/usr/bin/python3', 'python3'].find((command) => {
  if (command === undefined) return false;
  try {
    execFileSync(command, ['-c', 'import torch'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
});
if (python === undefined) {
  process.stderr.write('SKIPPED: no Python with PyTorch found, so torch.load is not tried on our files\n');
}

const script = `
import json, sys, torch
document = torch.load(sys.argv[1], map_location='cpu')
def plain(value):
    if isinstance(value, torch.Tensor):
        return {'dtype': str(value.dtype), 'shape': list(value.shape), 'values': value.flatten().tolist()}
    return {key: plain(each) for key, each in value.items()}
print(json.dumps(plain(document)))
`;

/** Loads both networks of a checkpoint into the network that made the fixtures, strictly, and runs it. */
const strict = `
import json, sys, torch
sys.path.insert(0, sys.argv[1])
sys.dont_write_bytecode = True
import make_checkpoints
document = torch.load(sys.argv[2], map_location='cpu')
images = (0.5 + 0.5 * torch.sin(0.05 * torch.arange(1536, dtype=torch.float64) + 0.1)).float().reshape(2, 3, 16, 16)
outputs = {}
for key, state in document.items():
    network = make_checkpoints.Network()
    network.load_state_dict({name.removeprefix('module.'): value for name, value in state.items()}, strict=True)
    with torch.no_grad():
        outputs[key] = network(images)[2].flatten().tolist()
print(json.dumps(outputs))
`;

(python === undefined ? describe.skip : describe)('files that PyTorch reads', () => {
  it('two networks with shared storage, odd names, every rank', async () => {
    const directory = mkdtempSync(path.join(os.tmpdir(), 'fedistl-torch-'));
    const file = path.join(directory, 'x.pth');
    const matrix = float32Tensor('weight', [2, 3], Float32Array.of(1, 2, 3, 4, 5, -6.5));
    const long = { name: 'steps', dtype: 'I64', shape: [1], data: BigInt64Array.of(-(2n ** 40n)) } as const;
    const half = { name: 'half', dtype: 'F16', shape: [1], data: Uint16Array.of(0x3e00) } as const;
    const scalar = float32Tensor('scalar', [], Float32Array.of(0.5));
    const empty = float32Tensor('empty', [0, 4], new Float32Array(0));
    await writeFileAtomic(
      file,
      torchFileParts({
        student: new Map([matrix, long, half, scalar, empty].map((tensor) => [`module.${tensor.name}`, tensor])),
        teacher: new Map([['gewicht-é', matrix]]),
      }),
    );
    const read: unknown = JSON.parse(execFileSync(python ?? '', ['-c', script, file], { encoding: 'utf8' }));
    rmSync(directory, { recursive: true });
    const weight = { dtype: 'torch.float32', shape: [2, 3], values: [1, 2, 3, 4, 5, -6.5] };
    expect(read).toEqual({
      student: {
        'module.weight': weight,
        'module.steps': { dtype: 'torch.int64', shape: [1], values: [-(2 ** 40)] },
        'module.half': { dtype: 'torch.float16', shape: [1], values: [1.5] },
        'module.scalar': { dtype: 'torch.float32', shape: [], values: [0.5] },
        'module.empty': { dtype: 'torch.float32', shape: [0, 4], values: [] },
      },
      teacher: { 'gewicht-é': weight },
    });
  });

  it('a DISTL checkpoint that the network takes strictly, and computes with as before', async () => {
    const directory = mkdtempSync(path.join(os.tmpdir(), 'fedistl-torch-'));
    const file = path.join(directory, 'distl.pth');
    const written = await withWeightFile(path.join(fixtures, 'distl.pth'), {}, async (opened) => {
      const { source } = chooseNetwork(opened, 'teacher');
      const config = inferVitConfig(nameCheckpoint(source), { numHeads: 2 });
      return { config, values: (await loadWeights(source, config)).values };
    });
    await exportWeights(file, written, { format: 'pth' });
    const read: unknown = JSON.parse(execFileSync(python ?? '', ['-c', strict, fixtures, file], { encoding: 'utf8' }));
    rmSync(directory, { recursive: true });
    const { networks } = JSON.parse(readFileSync(path.join(fixtures, 'expected.json'), 'utf8')) as {
      networks: { teacher: { classes: number[] } };
    };
    const { classes } = networks.teacher;
    expect(read).toEqual({ student: classes, teacher: classes });
  });
});
