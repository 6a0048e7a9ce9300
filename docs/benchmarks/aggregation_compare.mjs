/**
 * Compares `fedistl bench aggregate --rule fedavg` with numpy's sum(w * x) over the same files, taking turns, so that both
 * meet the same machine. Prints one JSON object: the best time of each, in seconds, and gigabytes per second.
 *
 * Usage: node aggregation_compare.mjs [SITES] [PARAMETERS] [TURNS]
 * Needs python3 with numpy.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const [sites = '10', parameters = '21670272', turns = '5'] = process.argv.slice(2);
const here = import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname);
const directory = mkdtempSync(path.join(tmpdir(), 'fedistl-compare-'));

function json(command, args) {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} failed: ${stderr}`);
  return JSON.parse(stdout);
}

const cli = path.join(here, '../../apps/cli/bin/fedistl.cjs');
const bench = ['bench', 'aggregate', '--sites', sites, '--parameters', parameters, '--directory', directory, '--json'];
const best = {};
const keep = (name, seconds, cpuSeconds) => {
  best[name] = {
    seconds: Math.min(seconds, best[name]?.seconds ?? Infinity),
    cpuSeconds: Math.min(cpuSeconds, best[name]?.cpuSeconds ?? Infinity),
  };
};
try {
  for (let turn = 0; turn < Number(turns); turn++) {
    const ours = json(process.execPath, [cli, ...bench]);
    keep('fedistl, hashed, verified, checked', Math.min(...ours.runSeconds), ours.cpuSeconds);
    keep('fedistl, arithmetic and reading', ours.arithmeticSeconds, ours.arithmeticCpuSeconds);
    const numpy = json('python3', [path.join(here, 'aggregation_numpy.py'), directory, '3']);
    for (const way of ['plain', 'in_place', 'blocked']) keep(`numpy ${way}`, numpy[way].seconds, numpy[way].cpuSeconds);
    if (numpy.blocked.resultSha256 !== ours.resultSha256) throw new Error('the float64 sums differ');
  }
} finally {
  rmSync(directory, { recursive: true });
}
const gigabytes = (4 * Number(parameters) * Number(sites)) / 1e9;
for (const each of Object.values(best)) each.gigabytesPerSecond = gigabytes / each.seconds;
console.log(JSON.stringify(best, null, 2));
