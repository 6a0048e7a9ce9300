import { RefusedError } from '@fedistl/client';
import { parseStudyId } from '@fedistl/core';
import { demoPlan, type StudyPlan, type StudyView } from '@fedistl/protocol';
import { createStudy } from '../commands/study-create';
import { waitUntil } from '../processes/wait-until';
import { type DemoPeople } from './demo-people';
import { type DemoOptions } from './demo-options';

export const STUDY = parseStudyId('demo');

/** A site joins within seconds of being told; importing is over by then. */
const JOIN_MS = 120_000;

/** The plan of the demo: `demoPlan` of the protocol, for the class that is looked for. */
export function planOf({ source }: DemoOptions, createdAt: string): StudyPlan {
  const finding = source?.positive ?? 'covid';
  return demoPlan({ studyId: STUDY, title: 'Demonstration', finding, createdAt });
}

/** The study as it is; created by the study lead and approved by the reviewer when it is not there. */
export async function ensureStudy({ studyLead, reviewer }: DemoPeople, options: DemoOptions): Promise<StudyView> {
  const found = await existing(studyLead);
  const study = found ?? (await createStudy(studyLead, planOf(options, new Date().toISOString())));
  return study.state === 'draft' ? reviewer.approveStudy(STUDY) : study;
}

async function existing(client: DemoPeople['studyLead']): Promise<StudyView | null> {
  try {
    return await client.showStudy(STUDY);
  } catch (error) {
    if (error instanceof RefusedError && error.code === 'STUDY.UNKNOWN') return null;
    throw error;
  }
}

/** Starts an approved study once every site has joined, and goes on with a paused one. */
export async function runStudy({ studyLead }: DemoPeople, sites: number, options: DemoOptions): Promise<void> {
  const joined = await waitUntil(
    async () => {
      const study = await studyLead.showStudy(STUDY);
      return study.participants.length >= sites ? study : null;
    },
    { what: `${sites} sites to join the study`, timeoutMs: JOIN_MS, everyMs: 500, signal: options.signal },
  );
  if (joined.state === 'approved') await studyLead.startStudy(STUDY);
  else if (joined.state === 'paused') await studyLead.resumeStudy(STUDY);
}
