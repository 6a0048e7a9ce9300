import {
  chooseOperatingPoint,
  EvaluationError,
  fixedOperatingPoint,
  type OperatingPoint,
  type TuningCases,
} from '@fedistl/evaluation';
import { type Split } from '@fedistl/imaging';
import { type EvaluationSettings } from './evaluation-settings';
import { labelledCases } from './labelled-cases';
import { scoreSource } from './score-cases';
import { type Scorer } from './scorer';

const WORDS: Readonly<Record<Split, string>> = { train: 'training', val: 'validation', test: 'test' };

/**
 * The thresholds to judge a model at: those set beforehand, then those chosen by rule on other labelled images, which the
 * model scores for it.
 *
 * @throws EvaluationError `EVAL.TUNING_ON_TEST` for the test split or the one that is judged; InferenceError
 *   `INFERENCE.NO_LABELS`, `INFERENCE.ONE_CLASS` of that split
 */
export async function operatingPointsFor(scorer: Scorer, settings: EvaluationSettings): Promise<OperatingPoint[]> {
  const { thresholds, rules, tuneOn, dataSet, onImage } = settings;
  checkTuning(settings);
  const fixed = thresholds.map(fixedOperatingPoint);
  if (rules.length === 0) return fixed;
  const { selection, labels } = labelledCases(dataSet, tuneOn);
  const scores = await scoreSource(scorer, selection.viewSource(), onImage);
  const purpose: TuningCases['purpose'] = tuneOn === 'train' ? 'training' : 'validation';
  const cases: TuningCases = { purpose, name: `${dataSet.name}, ${WORDS[tuneOn]} split`, labels, scores };
  return [...fixed, ...rules.map((rule) => chooseOperatingPoint(rule, cases))];
}

/** Before anything is computed. @throws EvaluationError `EVAL.TUNING_ON_TEST` */
export function checkTuning({
  rules,
  tuneOn,
  split,
  dataSet,
}: Pick<EvaluationSettings, 'rules' | 'tuneOn' | 'split' | 'dataSet'>): void {
  if (rules.length === 0 || (tuneOn !== 'test' && tuneOn !== split)) return;
  throw new EvaluationError(
    'EVAL.TUNING_ON_TEST',
    `expected training or validation cases, apart from those that are judged, to choose a threshold on, got the ` +
      `${WORDS[tuneOn]} split of ${dataSet.name}${tuneOn === split ? ', which is the one judged' : ''}`,
  );
}

/** Images that `operatingPointsFor` scores. */
export function tuningImages({
  rules,
  tuneOn,
  dataSet,
}: Pick<EvaluationSettings, 'rules' | 'tuneOn' | 'dataSet'>): number {
  return rules.length === 0 ? 0 : dataSet.select({ split: tuneOn, label: 'known' }).length;
}
