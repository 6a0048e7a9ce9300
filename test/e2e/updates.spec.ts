import { setTimeout as delay } from 'node:timers/promises';
import { connect } from 'node:net';
import { once } from 'node:events';
import { type ScriptedSite } from '@fedistl/cli';
import { parseBlobHash, parseModelHash, parsePlanHash } from '@fedistl/core';
import { Identity, sha256Hex } from '@fedistl/crypto';
import { type RoundManifest, type StudyPlan } from '@fedistl/protocol';
import { TestCoordinator } from '../support/federation/test-coordinator';
import { tinyPlan } from '../support/federation/tiny-plan';

jest.setTimeout(180_000);
const refusal = (code: string): unknown => expect.objectContaining({ code });
const MOST_BYTES = 256 * 1024;
const OTHER = 'ab'.repeat(32);

describe('updates of a round', () => {
  let coordinator: TestCoordinator;
  let sites: ScriptedSite[];
  const counts = { labelled: 8, unlabelledByFold: [0, 16], holdOut: 8 };

  /** A running study that all sites have joined, and the manifest of its first round. */
  async function runningStudy(plan: StudyPlan): Promise<{ plan: StudyPlan; round: RoundManifest }> {
    await coordinator.study(plan);
    for (const site of sites) await site.client.joinStudy(plan.studyId, counts);
    await coordinator.people.studyLead.startStudy(plan.studyId);
    return { plan, round: await nextRound(plan.studyId) };
  }

  async function nextRound(studyId: string, attempt = 1): Promise<RoundManifest> {
    for (;;) {
      const found = (await sites[0]!.rounds()).find((round) => round.studyId === studyId && round.attempt >= attempt);
      if (found !== undefined) return found;
      await delay(100);
    }
  }

  beforeAll(async () => {
    coordinator = await TestCoordinator.start({
      FEDISTL_MAX_UPDATE_BYTES: String(MOST_BYTES),
      FEDISTL_UPLOAD_IDLE_SECONDS: '1',
    });
    sites = [await coordinator.site('site-a'), await coordinator.site('site-b'), await coordinator.site('site-c')];
  });
  afterAll(async () => {
    await coordinator.stop();
  });

  it('are refused by their code when anything about them is wrong, and taken once when all is right', async () => {
    const schedule = { initial: { rounds: 1, minimumSites: 2, quorum: 3 } };
    const { plan, round } = await runningStudy(tinyPlan({ studyId: 'refusals', schedule }));
    const [a, b, c] = sites as [ScriptedSite, ScriptedSite, ScriptedSite];
    const good = a.makeUpdate(plan, round);
    const { manifest } = good;
    const sent = (changes: object) => a.submit({ manifest: { ...manifest, ...changes } });

    await expect(a.submit(good)).rejects.toEqual(refusal('ROUND.NO_BLOB'));
    await a.upload(good);
    await expect(a.submit(good, Identity.generate('site-a'))).rejects.toEqual(refusal('PROTOCOL.BAD_SIGNATURE'));
    await expect(sent({ planHash: parsePlanHash(OTHER) })).rejects.toEqual(refusal('UPDATE.WRONG_PLAN'));
    await expect(sent({ baseModelHash: parseModelHash(OTHER) })).rejects.toEqual(refusal('UPDATE.STALE_BASE'));
    await expect(sent({ teacherHash: parseModelHash(OTHER) })).rejects.toEqual(refusal('UPDATE.WRONG_TEACHER'));
    await expect(sent({ attempt: 2 })).rejects.toEqual(refusal('ROUND.UNKNOWN'));
    await expect(sent({ payload: { ...manifest.payload, parameters: 7 } })).rejects.toEqual(
      refusal('UPDATE.SHAPE_MISMATCH'),
    );
    await expect(b.submit({ manifest: { ...manifest, siteId: b.siteId } })).rejects.toEqual(refusal('ROUND.NO_BLOB'));

    expect(await a.submit(good)).toBe(false);
    // The very same again, because an acknowledgement got lost; signed anew, it is another update.
    expect(await a.submit(good)).toBe(true);
    const changed = a.makeUpdate(plan, round);
    await expect(
      a.submit({ manifest: { ...changed.manifest, nonce: manifest.nonce, statistics: {} } }),
    ).rejects.toEqual(refusal('ROUND.REPLAYED'));
    await b.upload(good);
    const stolen = b.makeUpdate(plan, round).manifest;
    await expect(b.submit({ manifest: { ...stolen, payload: manifest.payload } })).rejects.toEqual(
      refusal('UPDATE.REPLAYED'),
    );
    // The round takes the honest ones and goes on.
    for (const site of [b, c]) {
      const update = site.makeUpdate(plan, round);
      await site.upload(update);
      expect(await site.submit(update)).toBe(false);
    }
    for (;;) {
      const { rounds } = await coordinator.people.reviewer.studyRounds('refusals');
      if (rounds[0]?.phase === 'completed') break;
      await delay(100);
    }
  });

  it('that are too large, tampered with, or that come too slowly are not stored', async () => {
    const { plan, round } = await runningStudy(tinyPlan({ studyId: 'transfers' }));
    const [a] = sites as [ScriptedSite];
    const good = a.makeUpdate(plan, round);
    const blob = new Uint8Array(MOST_BYTES + 1);
    const large = {
      blob,
      manifest: { ...good.manifest, payload: { ...good.manifest.payload, blobHash: hashOf(blob) } },
    };
    await expect(a.upload(large)).rejects.toEqual(refusal('UPLOAD.TOO_LARGE'));
    const tampered = Uint8Array.from(good.blob);
    tampered[tampered.length - 1] = (tampered[tampered.length - 1] ?? 0) ^ 1;
    await expect(a.upload({ ...good, blob: tampered })).rejects.toEqual(refusal('UPLOAD.HASH_MISMATCH'));
    await expect(a.submit(good)).rejects.toEqual(refusal('ROUND.NO_BLOB'));
    expect(await slowUpload(a, coordinator.port, good.manifest.payload.byteLength, hashOf(good.blob))).toBe('cut');
    await a.upload(good);
    expect(await a.submit(good)).toBe(false);
  });

  it('without a quorum at the deadline lead to a new attempt, for which a site signs what it has again', async () => {
    const schedule = { initial: { rounds: 1, minimumSites: 2, quorum: 3 }, deadlineSeconds: 3, maximumAttempts: 3 };
    const { plan, round } = await runningStudy(tinyPlan({ studyId: 'deadline', schedule }));
    const [a, b] = sites as [ScriptedSite, ScriptedSite];
    const first = a.makeUpdate(plan, round);
    await a.upload(first);
    await a.submit(first);
    const second = await nextRound('deadline', 2);
    expect(second).toMatchObject({ attempt: 2, studentHash: round.studentHash, planHash: round.planHash });
    const late = b.makeUpdate(plan, round);
    await b.upload(late);
    await expect(b.submit(late)).rejects.toEqual(refusal('ROUND.WRONG_ATTEMPT'));
    // No byte is sent again: the blob is there, only the small manifest is new.
    for (const [site, update] of [
      [a, first],
      [b, late],
    ] as const) {
      const { manifest } = site.makeUpdate(plan, second);
      expect(manifest.payload.blobHash).toBe(update.manifest.payload.blobHash);
      await site.submit({ manifest });
    }
    const { rounds } = await coordinator.people.reviewer.studyRounds('deadline');
    expect(rounds[0]).toMatchObject({ attempt: 2, updates: [{ siteId: 'site-a' }, { siteId: 'site-b' }] });
  });
});

function hashOf(bytes: Uint8Array): ReturnType<typeof parseBlobHash> {
  return parseBlobHash(sha256Hex(bytes));
}

/** Begins an upload and then sends nothing. @returns how the connection ended */
async function slowUpload(
  site: ScriptedSite,
  port: number,
  length: number,
  sha256: string,
): Promise<'cut' | 'answered'> {
  const token = await site.client.tokens.token();
  const encode = (value: string): string => Buffer.from(value).toString('base64');
  const created = await fetch(site.client.uploadAddress, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'tus-resumable': '1.0.0',
      'upload-length': String(length),
      'upload-metadata': `sha256 ${encode(sha256)},purpose ${encode('update')},studyId ${encode('transfers')}`,
    },
  });
  const location = new URL(created.headers.get('location') ?? '', site.client.uploadAddress).pathname;
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.write(
    `PATCH ${location} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${token}\r\nTus-Resumable: 1.0.0\r\n` +
      `Upload-Offset: 0\r\nContent-Type: application/offset+octet-stream\r\nContent-Length: ${length}\r\n\r\nab`,
  );
  let answer = '';
  socket.on('data', (chunk: Buffer) => (answer += chunk.toString('latin1')));
  socket.on('error', () => undefined);
  await once(socket, 'close');
  return answer.startsWith('HTTP/1.1 2') ? 'answered' : 'cut';
}
