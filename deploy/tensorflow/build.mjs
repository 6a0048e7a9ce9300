#!/usr/bin/env node
// Builds the native addon of @tensorflow/tfjs-node against a TensorFlow that is already on this machine.
// See README.md beside this file. Nothing but the npm package is fetched (and Node's headers, where Node came without).
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const PACKAGE = '@tensorflow/tfjs-node';
const VERSION = '4.22.0';
/** The addon's N-API version and module name, as the package's own loader expects them. */
const NAPI = 8;
const MODULE = 'tfjs_binding';
const OLDEST = [2, 9];

const project = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

function fail(message) {
  console.error(`tensorflow addon: ${message}`);
  process.exit(1);
}

function run(command, args, options = {}) {
  const result = spawnSync(command, args, { encoding: 'utf8', ...options });
  if (result.error?.code === 'ENOENT') fail(`${command} is needed and was not found. Install it and run this again.`);
  return result;
}

/** Where headers and libraries lie: in a Python wheel's `tensorflow` folder, or in an unpacked libtensorflow archive. */
function locate(directory) {
  const include = path.join(directory, 'include');
  for (const header of ['tensorflow/c/c_api.h', 'tensorflow/c/eager/c_api.h']) {
    if (!existsSync(path.join(include, header))) {
      fail(
        `expected ${path.join('include', header)} in ${directory}; give the folder of a TensorFlow wheel or archive.`,
      );
    }
  }
  const find = (names) =>
    [directory, path.join(directory, 'lib')]
      .flatMap((folder) => names.map((name) => path.join(folder, name)))
      .find((file) => existsSync(file));
  const core = find(['libtensorflow_cc.so.2', 'libtensorflow.so.2', 'libtensorflow.so']);
  const framework = find(['libtensorflow_framework.so.2', 'libtensorflow_framework.so']);
  if (core === undefined || framework === undefined) {
    fail(
      `expected libtensorflow_cc.so.2 (wheel) or libtensorflow.so.2 (archive) and libtensorflow_framework.so.2 in ${directory}. ` +
        'Wheels hold them from TensorFlow 2.12; for an older one use its libtensorflow archive.',
    );
  }
  return { include, core, framework };
}

/** The version, from the headers (archives and older wheels) or from the name of the wheel's metadata folder. */
function versionOf(directory, include) {
  for (const name of ['release_version.h', 'version.h']) {
    const file = path.join(include, 'tensorflow/core/public', name);
    if (!existsSync(file)) continue;
    const text = readFileSync(file, 'utf8');
    const parts = ['MAJOR', 'MINOR'].map((part) => new RegExp(`#define TF_${part}_VERSION (\\d+)`).exec(text)?.[1]);
    if (parts.every((part) => part !== undefined)) return parts.join('.');
  }
  const metadata = readdirSync(path.dirname(directory)).map(
    (name) => /^tensorflow\w*-(\d+\.\d+)\S*\.dist-info$/.exec(name)?.[1],
  );
  return metadata.find((version) => version !== undefined);
}

function refuseOld(version) {
  const [major, minor] = version.split('.').map(Number);
  if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) {
    fail(`expected TensorFlow ${OLDEST.join('.')} or newer, got ${version}.`);
  }
}

/** The folder of the `tensorflow` module of the Python on the path. */
function pythonTensorFlow() {
  const { status, stdout } = run('python3', [
    '-c',
    'import importlib.util as u; s = u.find_spec("tensorflow"); print(s.submodule_search_locations[0] if s else "")',
  ]);
  const directory = stdout.trim();
  if (status !== 0 || directory === '') {
    fail('python3 has no TensorFlow. Install a wheel (pip install tensorflow) or name a folder with --tensorflow DIR.');
  }
  return directory;
}

function link(target, file) {
  if (lstatSync(file, { throwIfNoEntry: false }) !== undefined) rmSync(file, { recursive: true });
  symlinkSync(target, file);
}

function installPackage(into) {
  const folder = path.join(into, 'node_modules', PACKAGE);
  if (existsSync(path.join(folder, 'binding.gyp'))) {
    const { version } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
    if (version !== VERSION) fail(`expected ${PACKAGE} ${VERSION}, got ${version} in ${folder}; remove it first.`);
    return folder;
  }
  mkdirSync(into, { recursive: true });
  // The package's install script would fetch TensorFlow itself from outside npm.
  const args = [
    'install',
    '--no-save',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--prefix',
    into,
    `${PACKAGE}@${VERSION}`,
  ];
  if (run('npm', args, { stdio: 'inherit' }).status !== 0)
    fail(`npm could not install ${PACKAGE}@${VERSION}; see above.`);
  return folder;
}

function requireTools() {
  if (run('g++', ['--version']).status !== 0 || run('make', ['--version']).status !== 0) {
    fail('a C++ compiler and make are needed (Debian and Ubuntu: apt-get install g++ make).');
  }
  // node-gyp is driven by Python; these are the places where it looks.
  const { NODE_GYP_FORCE_PYTHON, npm_config_python, PYTHON } = process.env;
  const pythons = [NODE_GYP_FORCE_PYTHON, npm_config_python, PYTHON, 'python3', 'python'].filter(Boolean);
  if (!pythons.some((python) => spawnSync(python, ['--version']).status === 0)) {
    fail('node-gyp needs Python 3, and none was found (Debian and Ubuntu: apt-get install python3).');
  }
}

function compile(folder, { include, core, framework }) {
  const lib = path.join(folder, 'deps/lib');
  mkdirSync(lib, { recursive: true });
  link(include, path.join(folder, 'deps/include'));
  // One name for the linker, one for the loader: the wheel's library is known to itself as libtensorflow_cc.so.2.
  for (const name of ['libtensorflow.so', path.basename(core)]) link(core, path.join(lib, name));
  for (const name of ['libtensorflow_framework.so', 'libtensorflow_framework.so.2'])
    link(framework, path.join(lib, name));
  // npm says itself where its node-gyp is: its global folder may be another one than the one it runs from.
  const gyp = run('npm', ['exec', '--call', 'node -p process.env.npm_config_node_gyp'], { cwd: folder }).stdout.trim();
  if (!existsSync(gyp))
    fail(`expected npm to name its node-gyp, got '${gyp}'. Reinstall npm (npm install --global npm).`);
  const prefix = path.resolve(process.execPath, '../..');
  const headers = existsSync(path.join(prefix, 'include/node/node_api.h')) ? [`--nodedir=${prefix}`] : [];
  const variables = [`--module_name=${MODULE}`, `--module_path=./lib/napi-v${NAPI}`, `--napi_build_version=${NAPI}`];
  const built = run(process.execPath, [gyp, 'rebuild', ...headers, ...variables], {
    cwd: folder,
    stdio: ['ignore', 2, 2],
  });
  if (built.status !== 0)
    fail('the compiler failed; its messages are above. deploy/tensorflow/README.md lists known causes.');
  const target = path.join(folder, `lib/napi-v${NAPI}`);
  mkdirSync(target, { recursive: true });
  copyFileSync(path.join(folder, 'build/Release', `${MODULE}.node`), path.join(target, `${MODULE}.node`));
}

/** Loads the addon in a process of its own and multiplies two matrices; answers what the addon says of its TensorFlow. */
function check(folder) {
  const program = `
    const tf = require(${JSON.stringify(folder)});
    const product = tf.matMul(tf.tensor2d([[1, 2], [3, 4]]), tf.tensor2d([[5], [6]])).dataSync();
    if (tf.getBackend() !== 'tensorflow' || product[0] !== 17 || product[1] !== 39) {
      throw new Error('expected 17 and 39 from backend tensorflow, got ' + product + ' from ' + tf.getBackend());
    }
    const { binding, isUsingGpuDevice } = tf.backend();
    console.log(JSON.stringify({ version: binding.TF_Version, core: tf.version['tfjs-core'], gpu: isUsingGpuDevice }));`;
  const result = run(process.execPath, ['-e', program], { env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '2' } });
  if (result.status !== 0) fail(`the addon was built but does not work:\n${result.stderr}`);
  return JSON.parse(result.stdout.trim().split('\n').at(-1));
}

const USAGE = 'usage: node deploy/tensorflow/build.mjs [--tensorflow DIR] [--into DIR]';

function options() {
  try {
    return parseArgs({
      options: {
        tensorflow: { type: 'string' },
        into: { type: 'string', default: project },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (cause) {
    return fail(`${cause.message}\n${USAGE}`);
  }
}

const values = options();
if (values.help) {
  console.log(USAGE);
  process.exit(0);
}
if (process.platform !== 'linux')
  fail(`this script builds on Linux; on ${process.platform} use the WebGPU provider (fedistl doctor).`);
const tensorflow = path.resolve(values.tensorflow ?? pythonTensorFlow());
const files = locate(tensorflow);
const claimed = versionOf(tensorflow, files.include);
if (claimed !== undefined) refuseOld(claimed);
console.error(`tensorflow addon: TensorFlow ${claimed ?? '(its files name no version)'} in ${tensorflow}`);
requireTools();
const into = path.resolve(values.into);
const folder = installPackage(into);
compile(folder, files);
const { version, core, gpu } = check(folder);
refuseOld(version);
console.log(`tfjs-node ${VERSION} on TensorFlow ${version} works (tfjs-core ${core}, GPU support: ${gpu}).`);
if (into !== project) console.log(`Use it with FEDISTL_TENSORFLOW=${into}`);
