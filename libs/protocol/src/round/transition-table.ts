import { type Transition } from './transition';
import { roundTransitions } from './round-machine';

function cell(row: Transition): string {
  if (row.effects.length === 0) return 'nothing';
  if (row.refusal !== undefined) return `refuse \`${row.refusal}\``;
  return row.effects.map((effect) => `\`${effect}\``).join(', ');
}

/** The machine's rows as a Markdown table, for docs/protocol.md. */
export function transitionTable(): string {
  const rows = roundTransitions.map(
    (row) => `| ${row.from.join(', ')} | \`${row.event}\` | ${row.when} | ${row.to} | ${cell(row)} |`,
  );
  return ['| phase | event | when | next phase | effects |', '| --- | --- | --- | --- | --- |', ...rows].join('\n');
}
