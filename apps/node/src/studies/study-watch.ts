import { canonicalJson } from '@fedistl/core';
import { sha256Hex } from '@fedistl/crypto';
import { checkPlanAgainstPolicy, type ParsedAnswer, type ParticipationRequest } from '@fedistl/protocol';
import { fixedReason } from '../rounds/withdrawal';
import { type Reason } from '../rounds/round-position';
import { safeError } from '../log/safe-error';
import { type SiteContext } from '../tasks/site-context';
import { readAssignments } from './assignments';
import { countImages } from './count-images';
import { updateBytesOf } from './update-bytes';

type OfferedStudy = ParsedAnswer<'siteStudies'>['studies'][number];

/** A study as the hospital sees it. */
export interface StudyStanding {
  readonly studyId: string;
  readonly title: string;
  readonly state: string;
  readonly planHash: string;
  /** The data set that the hospital assigned. It is shown here and never sent. */
  readonly dataSet: string | null;
  readonly joined: boolean;
  readonly counts: ParticipationRequest | null;
  /** Why it does not take part. */
  readonly reasons: readonly Reason[];
}

/** Looks at the offered studies and joins those that policy and assignments allow, with counts of images and nothing else. */
export class StudyWatch {
  standings: readonly StudyStanding[] = [];
  /** What was sent last, by study: counts that did not change are not sent again by this process. */
  readonly #sent = new Map<string, string>();

  constructor(private readonly site: SiteContext) {}

  /** @throws ClientError, RefusedError; NodeError of a broken file */
  async refresh(): Promise<void> {
    const { studies } = await this.site.client.studies();
    const standings: StudyStanding[] = [];
    for (const study of studies) standings.push(await this.#look(study));
    for (const standing of standings) this.#tell(standing);
    this.standings = standings;
  }

  /** Why a study is left aside, once for each change. */
  #tell({ studyId, reasons }: StudyStanding): void {
    const codes = reasons.map(({ code }) => code).join(', ');
    const before = this.standings.find((standing) => standing.studyId === studyId)?.reasons ?? [];
    if (codes === '' || codes === before.map(({ code }) => code).join(', ')) return;
    this.site.log.info('does not take part in a study', { studyId, codes });
  }

  async #look(study: OfferedStudy): Promise<StudyStanding> {
    const { site } = this;
    const { studyId, title, state } = study;
    const shown = { studyId, title, state, planHash: study.planHash, joined: study.joined };
    let counts: ParticipationRequest | null = null;
    const assignment = (await readAssignments(site.paths.studies))[studyId] ?? null;
    const dataSet = assignment?.dataSet ?? null;
    try {
      const { plan, hash } = await site.plans.add(study.plan);
      const reasons: Reason[] = checkPlanAgainstPolicy(await site.policy(), {
        plan,
        planHash: hash,
        updateBytes: updateBytesOf(plan),
      });
      if (assignment === null) reasons.push(fixedReason('NODE.NO_DATA_SET'));
      else counts = countImages(site.config.dataDirectory, assignment, plan);
      if (reasons.length > 0 || counts === null) return { ...shown, dataSet, counts, reasons };
      if (takesMembers(state)) await this.#join(study, counts);
      return { ...shown, joined: study.joined || takesMembers(state), dataSet, counts, reasons };
    } catch (error) {
      const reason = safeError(error);
      // The network's and the coordinator's faults are the caller's; what is wrong with one study is shown there.
      if (/^(?:CLIENT|AUTH)\./.test(reason.code)) throw error;
      return { ...shown, dataSet, counts, reasons: [reason] };
    }
  }

  async #join({ studyId, joined }: OfferedStudy, counts: ParticipationRequest): Promise<void> {
    const text = canonicalJson(counts);
    if (joined && this.#sent.get(studyId) === text) return;
    await this.site.egress.record({
      class: 'participation',
      bytes: Buffer.byteLength(text),
      hash: sha256Hex(text),
      purpose: 'numbers of images, to take part in a study',
      of: { studyId, generation: 0, round: null, attempt: null },
    });
    await this.site.client.joinStudy(studyId, counts);
    this.#sent.set(studyId, text);
    this.site.log.info('joined a study', { studyId, labelled: counts.labelled, holdOut: counts.holdOut });
  }
}

function takesMembers(state: string): boolean {
  return ['approved', 'running', 'paused'].includes(state);
}
