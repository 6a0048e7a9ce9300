import { createRequire } from 'node:module';

/** Versions of the packages that compute. */
export function runtimeVersions(): Record<string, string> {
  const require_ = createRequire(__filename);
  const versionOf = (name: string): string => (require_(`${name}/package.json`) as { version: string }).version;
  return Object.fromEntries(['onnxruntime-node', '@tensorflow/tfjs'].map((name) => [name, versionOf(name)]));
}
