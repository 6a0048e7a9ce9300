import { encodeUpdateBlob, encodeValues, updateForm } from '@fedistl/aggregation';
import { createRng, parseBlobHash, type SiteId } from '@fedistl/core';
import { randomBytes, sha256Hex, toHex } from '@fedistl/crypto';
import { generationRules, type RoundManifest, type StudyPlan, type UpdateManifest } from '@fedistl/protocol';
import { vitLayout } from '@fedistl/vit';
import { planNetwork } from './plan-network';

export interface ScriptedUpdate {
  readonly blob: Uint8Array;
  readonly manifest: UpdateManifest;
}

/** Standard deviation of the made-up change of each parameter. */
const SPREAD = 1e-3;

/** An update that fits a round in every way but that nothing was learnt: small random changes, the same for the same site and round. */
export function scriptedUpdate(siteId: SiteId, plan: StudyPlan, round: RoundManifest): ScriptedUpdate {
  const { studyId, generation, round: number, attempt, planHash, studentHash, teacherHash, layoutHash } = round;
  const form = updateForm(plan, generation, vitLayout(planNetwork(plan)).entries);
  const rng = createRng(`${studyId}/${siteId}/${generation}/${number}`);
  const values = Float32Array.from({ length: form.parameters }, () => rng.normal(0, SPREAD));
  const { encoding } = plan.transfer;
  const centre = form.centreLength === 0 ? null : new Float32Array(form.centreLength);
  const bytes = encodeValues(values, encoding);
  const blob = encodeUpdateBlob({ encoding, parameters: form.parameters, bytes, centre });
  const { stepsPerRound: steps } = generationRules(plan, generation);
  const imagesSeen = steps * plan.training.batchSize;
  return {
    blob,
    manifest: {
      type: 'update-manifest',
      version: 1,
      studyId,
      generation,
      round: number,
      attempt,
      siteId,
      planHash,
      baseModelHash: studentHash,
      teacherHash,
      layoutHash,
      payload: {
        blobHash: parseBlobHash(sha256Hex(blob)),
        byteLength: blob.length,
        parameters: form.parameters,
        encoding,
        centreLength: form.centreLength,
      },
      counts: { steps, imagesSeen, acceptedPseudoLabels: generation === 0 ? 0 : imagesSeen, labelledImages: 8 },
      statistics: { loss: 0.5 },
      nonce: toHex(randomBytes(16)),
      createdAt: new Date().toISOString(),
    },
  };
}
