import { randomBytes } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { apiBasePath, type ErrorBody } from '@fedistl/protocol';
import { parseBlobHash } from '@fedistl/core';
import { canRunPostgres } from '@fedistl/persistence/testing';
import { TestCoordinator } from '../testing/test-coordinator';
import { TestSite } from '../testing/test-site';
import { insertStudy } from '../testing/test-study';
import { hashOf, TestUpload } from '../testing/test-upload';
import { UploadStore } from './upload-store';

const describeWithPostgres = canRunPostgres() ? describe : describe.skip;
const codeOf = async (response: Response) => `${response.status} ${((await response.json()) as ErrorBody).code}`;

describeWithPostgres('uploads', () => {
  let coordinator: TestCoordinator;
  let site: TestUpload;
  let lead: TestUpload;
  const update = { purpose: 'update', studyId: 'tb' };
  const stored = (bytes: Uint8Array) =>
    coordinator.testDatabase.database.repositories.blobs.find(parseBlobHash(hashOf(bytes)));
  const unfinished = async () =>
    (await readdir(join(coordinator.config.dataDirectory, 'uploads'))).filter((name) => /^[0-9a-f]{32}$/.test(name));

  beforeAll(async () => {
    coordinator = await TestCoordinator.start({
      FEDISTL_MAX_UPDATE_BYTES: '1MiB',
      FEDISTL_MAX_MODEL_BYTES: '2MiB',
      FEDISTL_MAX_OPEN_UPLOAD_BYTES: '4MiB',
      FEDISTL_MAX_OPEN_UPLOADS_PER_OWNER: '3',
      FEDISTL_UPLOAD_IDLE_SECONDS: '1',
      FEDISTL_UPLOAD_EXPIRY_HOURS: '1',
    });
    await insertStudy(coordinator, 'tb', 'a'.repeat(64));
    const token = await (await TestSite.approved(coordinator, 'seoul')).login();
    await coordinator.call('joinStudy', {
      token,
      params: { studyId: 'tb' },
      body: { labelled: 0, unlabelledByFold: [10], holdOut: 0 },
    });
    site = new TestUpload(coordinator, token);
    lead = new TestUpload(coordinator, await coordinator.person('Lee', 'study-lead'));
  }, 120_000);

  afterAll(async () => {
    await coordinator.dispose();
  });

  it('become blobs, noted with purpose, study and site', async () => {
    const bytes = randomBytes(300_000);
    const path = await site.begin(bytes, update);
    const response = await site.append(path, 0, bytes);
    expect([response.status, response.headers.get('upload-offset')]).toEqual([204, '300000']);
    expect(await stored(bytes)).toMatchObject({
      byteLength: 300_000,
      purpose: 'update',
      studyId: 'tb',
      siteId: 'seoul',
    });
    expect(await unfinished()).toEqual([]);
    // Whoever lost the answer asks, and is told that all is there.
    expect(await site.offset(path)).toBe(300_000);
  });

  it('go on where the connection was cut', async () => {
    const bytes = randomBytes(200_000);
    const path = await site.begin(bytes, update);
    await site.stall(path, { offset: 0, length: bytes.length, bytes: bytes.subarray(0, 70_000), cut: true });
    const offset = (await site.offset(path)) ?? -1;
    expect(offset).toBe(70_000);
    expect(await codeOf(await site.append(path, 0, bytes))).toBe('409 UPLOAD.WRONG_OFFSET');
    expect((await site.append(path, offset, bytes.subarray(offset))).status).toBe(204);
    expect(await stored(bytes)).not.toBeNull();
  });

  it('are cut when no byte comes, and go on all the same', async () => {
    const bytes = randomBytes(100_000);
    const path = await site.begin(bytes, update);
    await site.stall(path, { offset: 0, length: bytes.length, bytes: bytes.subarray(0, 40_000), cut: false });
    expect(await site.offset(path)).toBe(40_000);
    expect((await site.append(path, 40_000, bytes.subarray(40_000))).status).toBe(204);
  });

  it('go on after the coordinator was stopped in the middle', async () => {
    const bytes = randomBytes(90_000);
    const path = await site.begin(bytes, update);
    expect((await site.append(path, 0, bytes.subarray(0, 50_000))).status).toBe(204);
    await coordinator.stop();
    await coordinator.resume();
    expect(await site.offset(path)).toBe(50_000);
    expect((await site.append(path, 50_000, bytes.subarray(50_000))).status).toBe(204);
    expect(await stored(bytes)).not.toBeNull();
  });

  it('are gone when their hash is wrong', async () => {
    const bytes = randomBytes(1000);
    const path = await site.begin(bytes, update);
    const other = Buffer.from(bytes);
    other[500]! ^= 1;
    expect(await codeOf(await site.append(path, 0, other))).toBe('422 UPLOAD.HASH_MISMATCH');
    expect(await site.offset(path)).toBeNull();
    expect(await stored(bytes)).toBeNull();
    expect(await unfinished()).toEqual([]);
  });

  it('are refused when they are too large, by announcement and by what comes', async () => {
    const sha256 = 'b'.repeat(64);
    expect(await codeOf(await site.create(2 ** 20 + 1, { sha256, ...update }))).toBe('413 UPLOAD.TOO_LARGE');
    expect(await codeOf(await lead.create(2 ** 21 + 1, { sha256, purpose: 'model' }))).toBe('413 UPLOAD.TOO_LARGE');
    expect(await codeOf(await site.create(0, { sha256, ...update }))).toBe('413 UPLOAD.TOO_LARGE');
    const bytes = randomBytes(1000);
    const path = await site.begin(bytes, update);
    expect(await codeOf(await site.append(path, 0, randomBytes(1001)))).toBe('413 UPLOAD.TOO_LARGE');
    expect((await site.fetch('DELETE', path, {})).status).toBe(204);
    expect(await site.offset(path)).toBeNull();
  });

  it('are refused above the limits of one owner and of all', async () => {
    const create = (upload: TestUpload, size: number, metadata: Record<string, string>) =>
      upload.create(size, { sha256: hashOf(randomBytes(8)), ...metadata });
    const own = [];
    for (let i = 0; i < 3; i++) own.push(await create(site, 1000, update));
    expect(own.map(({ status }) => status)).toEqual([201, 201, 201]);
    expect(await codeOf(await create(site, 1000, update))).toBe('429 UPLOAD.TOO_MANY');
    const models = [
      await create(lead, 2 ** 21, { purpose: 'model' }),
      await create(lead, 2 ** 21, { purpose: 'model' }),
    ];
    expect(models[0]?.status).toBe(201);
    expect(await codeOf(models[1]!)).toBe('507 UPLOAD.FULL');
    for (const response of own) await site.fetch('DELETE', response.headers.get('location') ?? '', {});
    await lead.fetch('DELETE', models[0]?.headers.get('location') ?? '', {});
  });

  it('are for whom they are for', async () => {
    const metadata = { sha256: 'c'.repeat(64) };
    expect(await codeOf(await site.create(10, { ...metadata, purpose: 'model' }))).toBe('403 ACCESS.FORBIDDEN');
    expect(await codeOf(await lead.create(10, { ...metadata, ...update }))).toBe('403 ACCESS.FORBIDDEN');
    expect(await codeOf(await site.create(10, { ...metadata, purpose: 'update' }))).toBe('400 UPLOAD.NO_STUDY');
    expect(await codeOf(await site.create(10, { ...metadata, purpose: 'update', studyId: 'other' }))).toBe(
      '403 ACCESS.FORBIDDEN',
    );
    expect(await codeOf(await site.create(10, { ...update, sha256: 'xyz' }))).toBe('400 PROTOCOL.INVALID_MESSAGE');
    expect(await codeOf(await site.create(10, { ...metadata, ...update, owner: 'site busan' }))).toBe(
      '400 PROTOCOL.INVALID_MESSAGE',
    );
    const stranger = new TestUpload(coordinator, await (await TestSite.approved(coordinator, 'busan')).login());
    const bytes = randomBytes(10);
    const path = await site.begin(bytes, update);
    expect(await stranger.offset(path)).toBeNull();
    expect(await codeOf(await stranger.append(path, 0, bytes))).toBe('404 UPLOAD.NOT_FOUND');
    expect((await stranger.fetch('DELETE', path, {})).status).toBe(404);
    expect((await site.append(path, 0, bytes)).status).toBe(204);
  });

  it('answer with a code to what is no tus request', async () => {
    const path = `${apiBasePath}/uploads`;
    const send = async (method: string, url: string, headers: Record<string, string>) =>
      codeOf(await site.fetch(method, url, headers));
    expect(await send('POST', path, { 'tus-resumable': '0.2.0' })).toBe('400 UPLOAD.REFUSED');
    expect(await send('GET', `${path}/${'a'.repeat(32)}`, {})).toBe('400 UPLOAD.REFUSED');
    expect(await send('POST', path, { 'upload-defer-length': '1' })).toMatch(/^4\d\d UPLOAD\./);
    expect(await send('PATCH', `${path}/..%2F..%2Fkeys`, { 'upload-offset': '0' })).toMatch(/^40[04] UPLOAD\./);
    expect(await codeOf(await fetch(`${coordinator.url}${path}`, { method: 'POST' }))).toBe('401 ACCESS.NO_TOKEN');
  });

  it('are finished at the next start when the coordinator died after the last byte', async () => {
    const bytes = randomBytes(5000);
    const path = await site.begin(bytes, update);
    const id = path.split('/').at(-1) ?? '';
    await coordinator.stop();
    // As a kill leaves it: every byte is in the file, and nothing came of it yet.
    const store = new UploadStore(join(coordinator.config.dataDirectory, 'uploads'), 3_600_000);
    await writeFile(store.pathOf(id), bytes);
    await coordinator.resume();
    expect(await stored(bytes)).not.toBeNull();
    expect(await site.offset(path)).toBe(5000);
  });

  it('are removed when they were left unfinished', async () => {
    const path = await site.begin(randomBytes(100), update);
    const file = join(coordinator.config.dataDirectory, 'uploads', `${path.split('/').at(-1) ?? ''}.json`);
    const info = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
    await writeFile(file, JSON.stringify({ ...info, creation_date: new Date(Date.now() - 7_200_000).toISOString() }));
    expect(await site.offset(path)).toBeNull();
    await coordinator.stop();
    await coordinator.resume();
    expect(await unfinished()).toEqual([]);
  });
});
