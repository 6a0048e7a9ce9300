import { type FilePrediction } from '@fedistl/distl';

export const PREDICTIONS_HEADER = 'file,probability,reason,code\n';

/** One line of the CSV (RFC 4180). Ten digits keep apart what a float32 logit keeps apart. */
export function predictionLine({ file, probability, reason, code }: FilePrediction): string {
  const value = probability === null ? '' : String(Number(probability.toPrecision(10)));
  return `${[file, value, reason ?? '', code ?? ''].map(cell).join(',')}\n`;
}

function cell(content: string): string {
  return /[",\r\n]/.test(content) ? `"${content.replaceAll('"', '""')}"` : content;
}
