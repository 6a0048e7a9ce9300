import { type Command } from 'commander';
import { registerBenchAggregate } from './bench-aggregate';
import { registerBenchCoordinator } from './bench-coordinator';
import { registerBenchData } from './bench-data';
import { registerBenchStep } from './bench-step';
import { registerBenchTrain } from './bench-train';

/** `fedistl bench`: how fast the parts are on this machine. */
export function registerBench(program: Command): void {
  const bench = program.command('bench').description('measure speed and memory on this machine');
  registerBenchAggregate(bench);
  registerBenchCoordinator(bench);
  registerBenchData(bench);
  registerBenchStep(bench);
  registerBenchTrain(bench);
}
