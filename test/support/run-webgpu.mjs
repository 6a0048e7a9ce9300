// `npm run test:webgpu`: the reference numbers on onnxruntime's WebGPU provider. Without a GPU it runs on a software Vulkan
// device (SwiftShader, which Debian's chromium package brings): slow, but the same graph and the same shaders.
import { existsSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import path from 'node:path';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const software = ['/usr/lib/chromium/vk_swiftshader_icd.json', '/usr/share/vulkan/icd.d/lvp_icd.x86_64.json'];
const driver = process.env.VK_ICD_FILENAMES ?? software.find((file) => existsSync(file));
if (driver === undefined) {
  console.warn(
    `SKIPPED: no Vulkan device. Install chromium (Debian) or set VK_ICD_FILENAMES; looked for ${software.join(', ')}`,
  );
  console.log('0 passed, 0 failed, 1 skipped');
  process.exit(0);
}
console.error(`WebGPU over ${driver}`);
const result = spawnSync(
  process.execPath,
  [path.join(root, 'test/support/run-tests.mjs'), '-t', 'webgpu', '--testTimeout=900000', 'reference'],
  {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, VK_ICD_FILENAMES: driver, FEDISTL_TEST_WEBGPU: '1' },
  },
);
process.exit(result.status ?? 1);
