import { encodedLength } from '@fedistl/aggregation';
import { planUpdateForm } from '@fedistl/distl';
import { type StudyPlan } from '@fedistl/protocol';

/** Most bytes of a blob's header; see docs/threat-model.md. */
const HEADER = 4096;

/** Upper bound of what an update of this plan weighs, in bytes: that of the heavier kind of generation. */
export function updateBytesOf(plan: StudyPlan): number {
  const sizes = [0, 1].map((generation) => {
    const { parameters, centreLength } = planUpdateForm(plan, generation);
    return encodedLength(plan.transfer.encoding, parameters) + 4 * centreLength;
  });
  return HEADER + Math.max(...sizes);
}
