import { type SimulatedGeneration, type SimulationEvent } from '@fedistl/distl';
import { differenceText, verdictsText } from '../watch/judgement-text';

type Interval = { readonly value: number; readonly low: number; readonly high: number } | null;

/** AUC of each generation's candidate at each site. */
export function simulationTable(generations: readonly SimulatedGeneration[]): string {
  const first = generations[0]?.sites ?? [];
  const confidence = first[0]?.confidence ?? 0;
  const head = ['T', ...first.map(({ siteId }) => siteId), 'pooled', 'difference', 'verdict'];
  const rows = generations.map(({ generation, sites, pooled, judgement, promoted, reasons }) => [
    generation === 0 ? 'initial' : String(generation),
    ...sites.map(({ auc }) => shown(auc)),
    shown(pooled && { value: pooled.auc, ...pooled }),
    differenceText(judgement.pooledDifference),
    promoted ? 'promoted' : `rejected: ${[...new Set(reasons.map(({ code }) => code))].join(', ')}`,
  ]);
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => (row[column] ?? '').length)));
  const lines = [head, ...rows].map((row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return [
    `AUC on each site's hold-out, ${Math.round(100 * confidence)} % DeLong interval; - where it has too few of a class`,
    ...lines,
    ...generations.map(({ generation, judgement }) => `T = ${generation}: ${verdictsText(judgement)}`),
    '',
  ].join('\n');
}

function shown(interval: Interval): string {
  if (interval === null) return '-';
  return `${interval.value.toFixed(3)} (${interval.low.toFixed(3)} to ${interval.high.toFixed(3)})`;
}

/** Prints a simulation's events on stderr: a live line of steps where it is a terminal, and one that stays for what ended. */
export function simulationProgress(): (event: SimulationEvent) => void {
  const live = process.stderr.isTTY;
  const line = (text: string): void => {
    process.stderr.write(live ? `\r\u001b[K${text}\n` : `${text}\n`);
  };
  return (event) => {
    switch (event.kind) {
      case 'resumed':
        line(`resumed at generation ${event.generation}, round ${event.round}`);
        break;
      case 'progress': {
        const { step, steps, loss, imagesPerSecond, etaSeconds } = event.progress;
        if (!live && step !== steps) break;
        const where = `T=${event.generation} round ${event.round} ${event.siteId}`;
        const speed = imagesPerSecond === null ? '' : ` ${imagesPerSecond.toFixed(1)} images/s`;
        const left = etaSeconds === null || etaSeconds === 0 ? '' : `, ${Math.ceil(etaSeconds)} s left`;
        const text = `${where} step ${step}/${steps}${loss === null ? '' : ` loss ${loss.toFixed(4)}`}${speed}${left}`;
        process.stderr.write(live ? `\r\u001b[K${text}` : `${text}\n`);
        break;
      }
      case 'withdrew':
        line(`${event.siteId} withdrew: ${event.code}: ${event.message}`);
        break;
      case 'closed':
        line(`T=${event.generation} round ${event.round} closed with ${event.sites} sites`);
        break;
      case 'judged':
        line(simulationTable([event.result]).trimEnd());
        break;
    }
  };
}
