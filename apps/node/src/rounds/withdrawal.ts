import { type RefusalReason } from '@fedistl/protocol';
import { type NodeError } from '../node.errors';
import { type Reason } from './round-position';

/** Sentences that leave the hospital with a withdrawal: fixed, so that nothing of a file or a patient can get into them. */
const SENTENCES: Readonly<Record<string, string>> = {
  'NODE.NO_DATA_SET': 'the hospital has assigned no data set to this study',
  'NODE.TRAINING_CRASHED': 'the training process ended too often without a result',
  'NODE.OTHER_LAYOUT': 'the network that the plan describes has another layout than the round asks for',
  'NODE.WEIGHTS_UNAVAILABLE': 'the coordinator does not hand out the weights of the round',
  'NODE.HOLD_OUT_TOO_SMALL': 'the hold-out has fewer than two images of a class, too few to measure an AUC',
};

/** The reason with a fixed sentence. A code of the libraries says what it says; their messages stay here. */
export function fixedReason(code: string): Reason {
  return {
    code,
    message: SENTENCES[code] ?? 'the site cannot do its part; its administrator finds the reason by the code',
  };
}

/** Why training that failed for good makes the site withdraw. */
export function trainingReason(error: NodeError): Reason {
  const { code } = error.details;
  return fixedReason(typeof code === 'string' ? code : 'NODE.TRAINING_FAILED');
}

/** Reasons of the policy: numbers and hashes of plan and policy. */
export function policyReasons(reasons: readonly RefusalReason[]): Reason[] {
  return reasons.map(({ code, message }) => ({ code, message }));
}

/** One code and one line for the coordinator, of at most 300 characters. */
export function withdrawalText(reasons: readonly Reason[]): Reason {
  const first = reasons[0] ?? fixedReason('NODE.WITHDRAWN');
  const others = reasons.slice(1).map(({ code }) => code);
  const message = others.length === 0 ? first.message : `${first.message}; also ${others.join(', ')}`;
  return { code: first.code, message: message.replace(/\s+/g, ' ').slice(0, 300) };
}
