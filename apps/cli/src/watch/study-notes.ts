import { type ParsedAnswer, type RoundView, type StudyView } from '@fedistl/protocol';
import { differenceText, verdictsText } from './judgement-text';

type Matrix = ParsedAnswer<'studyEvaluations'>['generations'];

/** What a study looks like at one moment. */
export interface StudySnapshot {
  readonly study: StudyView;
  readonly rounds: readonly RoundView[];
  readonly generations: Matrix;
}

/** What happened between two looks, in sentences for people; everything there is when there was no look before. */
export function studyNotes(before: StudySnapshot | null, now: StudySnapshot): string[] {
  return [...stateNotes(before, now), ...roundNotes(before, now), ...evaluationNotes(before, now)];
}

function stateNotes(before: StudySnapshot | null, { study }: StudySnapshot): string[] {
  if (before?.study.state === study.state) return [];
  return [
    `study ${study.studyId}: ${study.state}${study.reason === null ? '' : ` (${study.reason.code}: ${study.reason.message})`}`,
  ];
}

function roundNotes(before: StudySnapshot | null, now: StudySnapshot): string[] {
  return now.rounds.flatMap((round) => {
    const name = `generation ${round.generation}, round ${round.round}`;
    const old = before?.rounds.find(({ generation, round: r }) => generation === round.generation && r === round.round);
    const notes: string[] = [];
    if (round.attempt > 0 && round.attempt !== (old?.attempt ?? 0)) {
      const attempt = round.attempt > 1 ? `, attempt ${round.attempt}` : '';
      notes.push(`${name}${attempt}: open to ${round.invited.join(', ')}`);
    }
    const had = old?.attempt === round.attempt ? old.updates.map(({ siteId }) => siteId) : [];
    for (const { siteId, byteLength } of round.updates) {
      if (!had.includes(siteId)) notes.push(`${name}: signed update of ${siteId}, ${kibibytes(byteLength)}`);
    }
    if (round.phase === 'completed' && old?.phase !== 'completed') {
      notes.push(`${name}: combined ${round.updates.length} updates into ${round.studentHash?.slice(0, 12) ?? '-'}`);
    }
    if (round.phase === 'failed' && old?.phase !== 'failed') {
      notes.push(`${name}: failed, ${round.reason?.code ?? ''} ${round.reason?.message ?? ''}`);
    }
    return notes;
  });
}

function evaluationNotes(before: StudySnapshot | null, now: StudySnapshot): string[] {
  return now.generations.flatMap(({ generation, decision, pooledAuc, judgement, reasons, withdrawn }) => {
    const old = before?.generations.find((entry) => entry.generation === generation);
    const had = old?.withdrawn.map(({ siteId }) => siteId) ?? [];
    const notes = withdrawn
      .filter(({ siteId }) => !had.includes(siteId))
      .map(({ siteId, code }) => `generation ${generation}: ${siteId} does not evaluate, ${code}`);
    if (decision === 'pending' || old?.decision === decision) return notes;
    const auc = pooledAuc === null ? 'no AUC' : `pooled AUC ${pooledAuc.value.toFixed(3)}`;
    const difference = judgement?.pooledDifference ?? null;
    const against = difference === null ? '' : `, pooled difference ${differenceText(difference)}`;
    const sites = judgement === null ? '' : `; ${verdictsText(judgement)}`;
    const why = reasons.map(({ message }) => `; ${message}`).join('');
    return [...notes, `generation ${generation}: candidate ${decision}, ${auc}${against}${sites}${why}`];
  });
}

function kibibytes(bytes: number): string {
  return `${Math.round(bytes / 1024)} KiB`;
}
