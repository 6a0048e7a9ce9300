import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { writeFileAtomic } from '@fedistl/core/node';
import { type Command } from 'commander';
import { benchCoordinator, type CoordinatorBenchReport } from '../scripted/bench-coordinator';
import { coordinatorBenchPage } from '../scripted/bench-page';
import { wholeNumber } from './engine-options';

interface Flags {
  readonly sites: number;
  readonly heartbeats: number;
  readonly page?: string;
  readonly json: boolean;
}

/** `fedistl bench coordinator`: many simulated sites on one coordinator process. */
export function registerBenchCoordinator(bench: Command): void {
  bench
    .command('coordinator')
    .description(
      'measure a coordinator under many simulated sites: heartbeats, a round opened to all, uploads (docs/benchmarks/coordinator.md)',
    )
    .option('--sites <n>', 'simulated sites, each with a socket', wholeNumber, 200)
    .option('--heartbeats <n>', 'of each site', wholeNumber, 5)
    .option('--page <file>', 'write a page of the results there')
    .option('--json', 'print one JSON object', false)
    .action(async (flags: Flags) => {
      const directory = mkdtempSync(path.join(tmpdir(), 'fedistl-bench-'));
      try {
        mkdirSync(path.join(directory, 'tokens'));
        const report = await benchCoordinator({
          directory,
          sites: flags.sites,
          heartbeats: flags.heartbeats,
          say: (text) => process.stderr.write(`${text}\n`),
        });
        if (flags.page !== undefined) await writeFileAtomic(flags.page, [Buffer.from(coordinatorBenchPage(report))]);
        if (flags.json) console.log(JSON.stringify(report));
        else for (const line of linesOf(report)) console.log(line);
      } finally {
        rmSync(directory, { recursive: true, force: true });
      }
    });
}

function linesOf({ measures, peakRssMiB, sites }: CoordinatorBenchReport): string[] {
  return [
    ...measures.map(
      ({ name, count, p50Ms, p99Ms }) => `${name}: p50 ${p50Ms.toFixed(0)} ms, p99 ${p99Ms.toFixed(0)} ms of ${count}`,
    ),
    `coordinator with ${sites} sites: ${peakRssMiB === null ? 'memory not known' : `peak ${peakRssMiB.toFixed(0)} MiB`}`,
  ];
}
