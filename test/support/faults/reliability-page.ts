import { type Outcome } from './fault-bench';

export interface ReliabilityRow {
  readonly victim: string;
  readonly name: string;
  readonly after: string;
}

/** docs/reliability.md, of a run in which every row ended like the undisturbed one. */
export function reliabilityPage(rows: readonly ReliabilityRow[], undisturbed: Outcome): string {
  const table = rows.map(({ victim, name, after }) => `| ${victim} | \`${name}\` | ${after} | the same |`);
  return `# Reliability

Written by \`npm run test:faults\`; a row is written when the test of it passed.

A coordinator on its own PostgreSQL and two hospital nodes, all processes of their own, run a study of generation 0 and 1 with a
tiny network. In each row one process is killed by SIGKILL at the named step, the first time that it comes there, and started
again as it was. "The same" means: the hash of the last teacher, and the number of entries in the ledger, are those of the
undisturbed run (${undisturbed.entries} entries).

| killed | at | what was done | outcome |
| --- | --- | --- | --- |
${table.join('\n')}

Not shown by this table: power cuts (the disk's own cache), disks that lie about what they wrote, two coordinators on one
database, and losing a disk. Back up the database together with the folder of blobs.
`;
}
