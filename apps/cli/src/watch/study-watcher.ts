import { openConsoleSocket, type PeopleClient } from '@fedistl/client';
import { type SiteView, type StudyView, type TrainingProgress } from '@fedistl/protocol';
import { trainingProgressSchema } from '@fedistl/protocol';
import { z } from 'zod';
import { type ProgressBoard, type SiteProgress } from './progress-board';
import { studyNotes, type StudySnapshot } from './study-notes';

export interface WatchOptions {
  readonly client: PeopleClient;
  readonly studyId: string;
  readonly board: ProgressBoard;
  readonly allowPlainHttp?: boolean;
  readonly signal?: AbortSignal;
  /** For whoever acts on what is seen. */
  readonly onProgress?: (siteId: string, progress: TrainingProgress) => void;
  readonly onSnapshot?: (snapshot: StudySnapshot) => void;
}

/** How often REST is asked when no hint comes, ms. */
const INTERVAL_MS = 1000;
/** Type, time and site stand beside the members of the site's own message. */
const progressEventSchema = z.object(trainingProgressSchema.shape);
const ENDED: readonly StudyView['state'][] = ['completed', 'cancelled', 'failed', 'paused'];

/**
 * Follows a study until it ends or pauses: notes and bars on the board. REST is the truth; the console socket brings progress
 * and says when to ask again.
 */
export async function watchStudy(options: WatchOptions): Promise<StudySnapshot> {
  const { client, studyId, board, signal } = options;
  let wake: (() => void) | undefined;
  const close = openConsoleSocket({
    baseUrl: client.rest.baseUrl,
    tokens: client.tokens,
    allowPlainHttp: options.allowPlainHttp === true,
    onEvent: (event) => {
      if (event.type !== 'progress') {
        wake?.();
        return;
      }
      const { siteId } = event;
      const progress = progressEventSchema.safeParse(event).data;
      if (progress?.studyId !== studyId || siteId === undefined) return;
      board.update(siteId, progressOf(progress));
      options.onProgress?.(siteId, progress);
    },
  });
  try {
    let before: StudySnapshot | null = null;
    for (;;) {
      signal?.throwIfAborted();
      const now = await snapshotOf(client, studyId);
      for (const note of studyNotes(before, now)) board.note(note);
      options.onSnapshot?.(now);
      if (ENDED.includes(now.study.state)) return now;
      before = now;
      for (const site of (await client.listSites()).sites) {
        const progress = activityOf(site);
        if (progress !== null) board.update(site.siteId, progress);
      }
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, INTERVAL_MS);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  } finally {
    close();
    board.end();
  }
}

async function snapshotOf(client: PeopleClient, studyId: string): Promise<StudySnapshot> {
  const [study, { rounds }, { generations }] = await Promise.all([
    client.showStudy(studyId),
    client.studyRounds(studyId),
    client.studyEvaluations(studyId),
  ]);
  return { study, rounds, generations };
}

function progressOf({
  generation,
  round,
  step,
  steps,
  loss,
  imagesPerSecond,
  etaSeconds,
}: TrainingProgress): SiteProgress {
  const parts = [
    `training ${step}/${steps}, generation ${generation} round ${round}`,
    ...(loss === null ? [] : [`loss ${loss.toFixed(3)}`]),
    ...(imagesPerSecond === null ? [] : [`${imagesPerSecond.toFixed(0)} images/s`]),
    ...(etaSeconds === null ? [] : [`${Math.ceil(etaSeconds)} s left`]),
  ];
  return { text: parts.join(', '), share: steps > 0 ? step / steps : null };
}

/** What a site that is not training does; training sites tell their steps themselves. */
function activityOf({ activity, connected }: SiteView): SiteProgress | null {
  if (!connected) return { text: 'not connected', share: null };
  if (activity === null || activity.kind === 'training') return null;
  if (activity.kind === 'paused') return { text: `paused: ${activity.reason}`, share: null };
  if (activity.kind === 'idle') return { text: '', share: null };
  return { text: `${activity.kind} generation ${activity.generation}`, share: null };
}
