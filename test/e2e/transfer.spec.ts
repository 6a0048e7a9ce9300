import { randomBytes } from 'node:crypto';
import { ScriptedSite } from '@fedistl/cli';
import { TcpProxy } from '@fedistl/client/testing';
import { parseBlobHash } from '@fedistl/core';
import { sha256Hex } from '@fedistl/crypto';
import { TestCoordinator } from '../support/federation/test-coordinator';
import { tinyPlan } from '../support/federation/tiny-plan';

jest.setTimeout(240_000);
const MEGABIT = 125_000;
const BYTES = 4 * 2 ** 20;

it('an update goes over 4 Mbit/s with the line cut every 2 s, and less than 10 % of it twice', async () => {
  const coordinator = await TestCoordinator.start();
  const proxy = await TcpProxy.start({
    targetPort: coordinator.port,
    bytesPerSecond: 4 * MEGABIT,
    cutAfterMs: 2000,
  });
  try {
    const plan = tinyPlan({ studyId: 'thin-line' });
    const near = await coordinator.site('harbour');
    await coordinator.study(plan);
    await near.client.joinStudy(plan.studyId, { labelled: 8, unlabelledByFold: [0, 8], holdOut: 0 });
    await coordinator.people.studyLead.startStudy(plan.studyId);
    const far = await ScriptedSite.create({ siteId: 'harbour', baseUrl: proxy.url, identity: near.identity });
    const blob = randomBytes(BYTES);
    const before = proxy.line.bytes.up;
    const hash = parseBlobHash(sha256Hex(blob));
    await far.uploadBytes(blob, hash, plan.studyId);
    const sent = proxy.line.bytes.up - before;
    expect(proxy.line.cuts).toBeGreaterThan(1);
    expect(sent).toBeGreaterThanOrEqual(BYTES);
    // Headers and what was on the way when the line was cut; nothing else goes twice.
    expect(sent / BYTES).toBeLessThan(1.1);
  } finally {
    await proxy.stop();
    await coordinator.stop();
  }
});
