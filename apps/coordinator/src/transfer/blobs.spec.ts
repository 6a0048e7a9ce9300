import { randomBytes } from 'node:crypto';
import { apiBasePath, type ErrorBody } from '@fedistl/protocol';
import { canRunPostgres } from '@fedistl/persistence/testing';
import { TestCoordinator } from '../testing/test-coordinator';
import { TestSite } from '../testing/test-site';
import { insertStudy } from '../testing/test-study';
import { hashOf, TestUpload } from '../testing/test-upload';

const describeWithPostgres = canRunPostgres() ? describe : describe.skip;

describeWithPostgres('blobs', () => {
  let coordinator: TestCoordinator;
  let lead: string;
  let seoul: string;
  let busan: string;
  const model = randomBytes(400_000);
  const update = randomBytes(50_000);
  const hash = hashOf(model);
  const get = (token: string, blob: string, headers: Record<string, string> = {}, method = 'GET') =>
    fetch(`${coordinator.url}${apiBasePath}/blobs/${blob}`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...headers },
    });
  const bytesOf = async (response: Response) => Buffer.from(await response.arrayBuffer());

  beforeAll(async () => {
    coordinator = await TestCoordinator.start();
    lead = await coordinator.person('Lee', 'study-lead');
    seoul = await (await TestSite.approved(coordinator, 'seoul')).login();
    busan = await (await TestSite.approved(coordinator, 'busan')).login();
    const models = new TestUpload(coordinator, lead);
    await models.append(await models.begin(model, { purpose: 'model' }), 0, model);
    await insertStudy(coordinator, 'tb', hash);
    const body = { labelled: 0, unlabelledByFold: [10], holdOut: 0 };
    await coordinator.call('joinStudy', { token: seoul, params: { studyId: 'tb' }, body });
    const updates = new TestUpload(coordinator, seoul);
    await updates.append(await updates.begin(update, { purpose: 'update', studyId: 'tb' }), 0, update);
  }, 120_000);

  afterAll(async () => {
    await coordinator.dispose();
  });

  it('come whole, with their hash as ETag', async () => {
    const response = await get(seoul, hash);
    expect(response.status).toBe(200);
    expect(response.headers.get('etag')).toBe(`"${hash}"`);
    expect(response.headers.get('accept-ranges')).toBe('bytes');
    expect(response.headers.get('cache-control')).toContain('private');
    expect((await bytesOf(response)).equals(model)).toBe(true);
  });

  it.each([
    ['bytes=399990-', 399_990, 400_000],
    ['bytes=0-0', 0, 1],
    ['bytes=100-199', 100, 200],
    ['bytes=-5', 399_995, 400_000],
    ['bytes=399999-500000', 399_999, 400_000],
  ])('come in part: %s', async (range, begin, end) => {
    const response = await get(seoul, hash, { range });
    expect([response.status, response.headers.get('content-range')]).toEqual([206, `bytes ${begin}-${end - 1}/400000`]);
    expect((await bytesOf(response)).equals(model.subarray(begin, end))).toBe(true);
  });

  it('say 416 behind their end, with their size', async () => {
    const response = await get(seoul, hash, { range: 'bytes=400000-' });
    expect([response.status, response.headers.get('content-range')]).toEqual([416, 'bytes */400000']);
    expect(((await response.json()) as ErrorBody).code).toBe('BLOB.BAD_RANGE');
  });

  it('say 304 to whoever has them, and send all when a range is of something else', async () => {
    expect((await get(seoul, hash, { 'if-none-match': `"x", "${hash}"` })).status).toBe(304);
    expect((await get(seoul, hash, { 'if-none-match': '"x"' })).status).toBe(200);
    const condition = { range: 'bytes=5-', 'if-range': `"${'0'.repeat(64)}"` };
    expect((await get(seoul, hash, condition)).status).toBe(200);
    expect((await get(seoul, hash, { range: 'bytes=5-', 'if-range': `"${hash}"` })).status).toBe(206);
  });

  it('tell their size to HEAD', async () => {
    const response = await get(seoul, hash, {}, 'HEAD');
    expect([response.status, response.headers.get('content-length')]).toEqual([200, '400000']);
    expect((await bytesOf(response)).length).toBe(0);
  });

  it('go to people, and to the sites of their study alone', async () => {
    expect((await get(lead, hash)).status).toBe(200);
    const refused = await get(busan, hash);
    expect([refused.status, ((await refused.json()) as ErrorBody).code]).toEqual([404, 'BLOB.NOT_FOUND']);
    expect((await get(busan, hash, {}, 'HEAD')).status).toBe(404);
    expect((await fetch(`${coordinator.url}${apiBasePath}/blobs/${hash}`)).status).toBe(401);
  });

  it("keep updates to themselves: not even another site's, nor a person's", async () => {
    for (const token of [busan, seoul, lead, coordinator.administrator]) {
      expect((await get(token, hashOf(update))).status).toBe(404);
    }
  });

  it('are named by a hash', async () => {
    const response = await get(lead, '..%2F..%2Fetc');
    expect([response.status, ((await response.json()) as ErrorBody).code]).toEqual([400, 'ID.BAD_HASH']);
    expect((await get(lead, 'd'.repeat(64))).status).toBe(404);
  });
});
