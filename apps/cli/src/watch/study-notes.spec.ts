import { studyNotes, type StudySnapshot } from './study-notes';

const round = {
  generation: 1,
  round: 2,
  attempt: 1,
  phase: 'collecting',
  invited: ['a', 'b'],
  updates: [],
  studentHash: null,
  reason: null,
};
const snapshot = (changes: object = {}, generations: object[] = [], state = 'running'): StudySnapshot =>
  ({
    study: { studyId: 'tb', state, reason: null },
    rounds: [{ ...round, ...changes }],
    generations,
  }) as unknown as StudySnapshot;
const update = { siteId: 'a', byteLength: 2048 };

it('says everything at the first look, and nothing when nothing changed', () => {
  expect(studyNotes(null, snapshot())).toEqual(['study tb: running', 'generation 1, round 2: open to a, b']);
  expect(studyNotes(snapshot(), snapshot())).toEqual([]);
});

it('tells updates, their combination, new attempts and decisions, each once', () => {
  const updated = snapshot({ updates: [update] });
  expect(studyNotes(snapshot(), updated)).toEqual(['generation 1, round 2: signed update of a, 2 KiB']);
  const combined = snapshot({ updates: [update], phase: 'completed', studentHash: 'f'.repeat(64) });
  expect(studyNotes(updated, combined)).toEqual(['generation 1, round 2: combined 1 updates into ffffffffffff']);
  expect(studyNotes(combined, combined)).toEqual([]);
  expect(studyNotes(updated, snapshot({ attempt: 2 }))).toEqual(['generation 1, round 2, attempt 2: open to a, b']);
  const ordered = { generation: 1, decision: 'pending', pooledAuc: null, judgement: null, reasons: [], withdrawn: [] };
  const withdrawn = { ...ordered, withdrawn: [{ siteId: 'a', code: 'NODE.HOLD_OUT_TOO_SMALL' }] };
  const decided = { ...withdrawn, decision: 'rejected', reasons: [{ message: 'inferior at b' }] };
  const at = (generation: object): StudySnapshot => snapshot({}, [generation]);
  expect(studyNotes(at(ordered), at(withdrawn))).toEqual([
    'generation 1: a does not evaluate, NODE.HOLD_OUT_TOO_SMALL',
  ]);
  expect(studyNotes(at(withdrawn), at(decided))).toEqual(['generation 1: candidate rejected, no AUC; inferior at b']);
  const judgement = {
    sites: [
      { siteId: 'a', verdict: 'inconclusive', weight: 0.25 },
      { siteId: 'b', verdict: 'non-inferior', weight: 0.75 },
    ],
    pooledDifference: { value: 0.0123, low: -0.004, high: 0.0286, confidence: 0.9 },
  };
  const promoted = { ...ordered, decision: 'promoted', pooledAuc: { value: 0.9 }, judgement };
  expect(studyNotes(at(ordered), at(promoted))).toEqual([
    'generation 1: candidate promoted, pooled AUC 0.900, pooled difference +0.012 (-0.004 to +0.029); a inconclusive, b non-inferior',
  ]);
});
