import { type SiteId } from '@fedistl/core';
import { type Participation, type Repositories, type Study } from '@fedistl/persistence';

/**
 * Whether a site has anything to train on in a generation: labels in generation 0; labels, or images that arrived in folds 1
 * to t, in generation t. Counts by fold begin with fold 0, the labelled set.
 */
export function hasImagesFor({ labelled, unlabelledByFold }: Participation, generation: number): boolean {
  return labelled > 0 || unlabelledByFold.slice(1, generation + 1).some((count) => count > 0);
}

/** Approved sites of a study for which `takes` holds, ascending. */
export async function approvedParticipants(
  { studies, sites }: Repositories,
  { studyId }: Study,
  takes: (participation: Participation) => boolean,
): Promise<SiteId[]> {
  const approved = new Set(
    (await sites.list()).filter(({ state }) => state === 'approved').map(({ siteId }) => siteId),
  );
  const joined = await studies.participations(studyId);
  return joined.filter((one) => approved.has(one.siteId) && takes(one)).map(({ siteId }) => siteId);
}

/**
 * Whom a round invites: every site with images for it. More than the quorum where more joined, so that the round closes with
 * the fastest and waits for nobody (over-selection).
 */
export function invitedSites(repositories: Repositories, study: Study, generation: number): Promise<SiteId[]> {
  return approvedParticipants(repositories, study, (participation) => hasImagesFor(participation, generation));
}
