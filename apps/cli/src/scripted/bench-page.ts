import { type CoordinatorBenchReport } from './bench-coordinator';

/** docs/benchmarks/coordinator.md. */
export function coordinatorBenchPage(report: CoordinatorBenchReport): string {
  const { sites, measures, peakRssMiB, updateBytes, processors, processor } = report;
  const rows = measures.map(
    ({ name, count, p50Ms, p99Ms }) => `| ${name} | ${count} | ${p50Ms.toFixed(0)} | ${p99Ms.toFixed(0)} |`,
  );
  const memory = peakRssMiB === null ? 'not known on this system' : `${peakRssMiB.toFixed(0)} MiB`;
  return `# One coordinator, ${sites} sites

Written by \`npm run bench:coordinator\`. ${sites} simulated sites, all in one process, use the REST
and socket.io calls of real nodes against one coordinator process on its own embedded PostgreSQL: enrolment, login, a socket each,
heartbeats, one round opened to all, uploads of ${(updateBytes / 2 ** 20).toFixed(1)} MiB, signed updates. Sites, coordinator and database share
${processors} cores (${processor}), so the times are those of all three together.

| what | count | p50, ms | p99, ms |
| --- | --- | --- | --- |
${rows.join('\n')}

Peak memory of the coordinator's process, PostgreSQL left out: ${memory}.

Not measured: a network between them, TLS, hours of use, more than one coordinator.
`;
}
