import { type Judgement } from '@fedistl/protocol';
import { differenceText, verdictsText } from '../watch/judgement-text';
import { type AucInterval, type DemoReport } from './demo-report';

/** The end of a demo in words, for people. */
export function reportText(report: DemoReport): string {
  const sites = [...new Set(report.generations.flatMap(({ sites: rows }) => rows.map(({ siteId }) => siteId)))].sort();
  const images = report.synthetic
    ? 'SYNTHETIC radiographs (phantoms): they show that it works, not how well it would'
    : 'your images';
  const interval = report.confidence === null ? '' : `, ${Math.round(report.confidence * 100)} % interval`;
  const lines = [
    '',
    `AUC on each site's own hold-out${interval}, of ${images}`,
    row(['generation', ...sites, 'pooled', 'decision']),
    ...report.generations.map((generation) =>
      row([
        generation.generation === 0 ? '0 (labels)' : String(generation.generation),
        ...sites.map((siteId) => aucText(generation.sites.find((site) => site.siteId === siteId)?.auc ?? null)),
        aucText(generation.pooledAuc),
        generation.promoted ? 'promoted' : 'rejected',
      ]),
    ),
    ...report.generations.flatMap(({ generation, judgement, reasons }) => [
      ...(judgement === null ? [] : [judgementLine(generation, judgement)]),
      ...reasons.map((reason) => `  generation ${generation}: ${reason}`),
    ]),
    '',
    `time        ${report.seconds.toFixed(0)} s${report.secondsToFirstTeacher === null ? '' : `, first teacher after ${report.secondsToFirstTeacher.toFixed(0)} s`}`,
    ...Object.entries(report.bytesMoved).map(
      ([siteId, { sent, received }]) =>
        `${siteId.padEnd(12)}${mebibytes(sent)} sent, ${mebibytes(received)} received; no image among them`,
    ),
    ...(report.killed === null
      ? []
      : [
          `lost        ${report.killed.siteId} was killed at step ${report.killed.step} of generation ${report.killed.generation} and came back`,
        ]),
    `ledger      ${report.ledger.verified ? 'verified offline' : 'NOT VERIFIED'}: ${report.ledger.entries} entries under ${report.ledger.checkpoints} signed checkpoints`,
    '',
  ];
  return lines.join('\n');
}

function judgementLine(generation: number, judgement: Judgement): string {
  const { pooledDifference } = judgement;
  const pooled = pooledDifference === null ? '' : `pooled difference ${differenceText(pooledDifference)}; `;
  return `  generation ${generation}: ${pooled}${verdictsText(judgement)}`;
}

const WIDTHS = [12, 22, 22, 22, 22, 10];

function row(cells: readonly string[]): string {
  return cells
    .map((cell, column) => cell.padEnd(WIDTHS[column] ?? 22))
    .join('')
    .trimEnd();
}

function aucText(auc: AucInterval | null): string {
  return auc === null ? '-' : `${auc.value.toFixed(3)} (${auc.low.toFixed(3)}-${auc.high.toFixed(3)})`;
}

function mebibytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}
