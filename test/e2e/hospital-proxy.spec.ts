import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import {
  allowStudy,
  commandEntry,
  dataDirectoryOf,
  type DemoSite,
  nodeDirectoryOf,
  type ScriptedSite,
  waitUntil,
} from '@fedistl/cli';
import { type NodeStatus } from '@fedistl/client/node';
import { ConnectProxy, TestAuthority } from '@fedistl/client/testing';
import { studyPlanSchema } from '@fedistl/protocol';
import { TestCoordinator } from '../support/federation/test-coordinator';
import { hospitalSites, TestHospital } from '../support/federation/test-hospital';
import { tinyPlan } from '../support/federation/tiny-plan';
import { type SeenCall, TlsFront } from '../support/network/tls-front';

jest.setTimeout(400_000);

/** A name that the hospital's proxy alone can find (RFC 6761: .test is in no public name service). */
const HOST = 'coordinator.test';
const COORDINATOR = `https://${HOST}`;
const PASSWORD = 'hunter2-and-more';
const PATIENCE_MS = 120_000;
const SLOW_BYTES_PER_SECOND = 24_000;

describe('a hospital that only its proxy connects to the world', () => {
  const authority = new TestAuthority();
  // Wide enough that its update is several pieces.
  const plan = studyPlanSchema.parse({
    ...tinyPlan({ studyId: 'proxied' }),
    model: { ...tinyPlan().model, embedDim: 48 },
  });
  let coordinator: TestCoordinator;
  let front: TlsFront;
  let proxy: ConnectProxy;
  let site: DemoSite;
  let hospital: TestHospital;
  let survivor: ScriptedSite;
  let credentialsFile: string;

  beforeAll(async () => {
    coordinator = await TestCoordinator.start();
    front = await TlsFront.start({ ...authority.issue(HOST), targetPort: coordinator.port });
    proxy = await ConnectProxy.start({ targets: { [`${HOST}:443`]: front.port }, credentials: `kim:${PASSWORD}` });
    const [only] = await hospitalSites(path.join(coordinator.directory, 'hospitals'), plan, { count: 1 });
    site = only!;
    hospital = new TestHospital(site, COORDINATOR);
    survivor = await coordinator.site('survivor');
    credentialsFile = path.join(site.directory, 'proxy.secret');
    writeFileSync(path.join(site.directory, 'ca.pem'), authority.cert);
    writeFileSync(credentialsFile, `kim:${PASSWORD}\n`, { mode: 0o600 });
  });
  afterAll(async () => {
    await hospital.stop();
    await proxy.stop();
    await front.stop();
    await coordinator.stop();
  });

  /** What the hospital's administrator sets; the machine's own variables are out of the way. */
  const settings = (): Record<string, string | undefined> => ({
    ...Object.fromEntries(
      ['HTTPS_PROXY', 'HTTP_PROXY', 'NO_PROXY'].flatMap((name) => [
        [name, undefined],
        [name.toLowerCase(), undefined],
      ]),
    ),
    FEDISTL_PROXY: proxy.url,
    FEDISTL_PROXY_CREDENTIALS_FILE: credentialsFile,
    FEDISTL_CA_FILE: path.join(site.directory, 'ca.pem'),
  });

  /** Runs a command of the hospital. @returns what it printed, its refusal too */
  async function command(args: readonly string[], env: Readonly<Record<string, string | undefined>>): Promise<string> {
    const own = { FEDISTL_NODE_DIR: nodeDirectoryOf(site), FEDISTL_DATA_DIR: dataDirectoryOf(site) };
    const child = spawn(process.execPath, [commandEntry(), ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...own, ...settings(), ...env },
    });
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
    return `${stdout}${stderr}`;
  }
  async function enrol(env: Readonly<Record<string, string | undefined>> = {}): Promise<string> {
    const { administrator } = coordinator.people;
    const { siteId, displayName } = site;
    const { code } = await administrator.createEnrolmentCode({ siteId, displayName, validSeconds: 3600 });
    const { fingerprint } = await administrator.coordinatorCard();
    const flags = ['--site', siteId, '--coordinator', COORDINATOR, '--code', code, '--fingerprint', fingerprint];
    return command(['node', 'enrol', ...flags], env);
  }
  const statusUntil = (what: string, holds: (status: NodeStatus) => boolean): Promise<NodeStatus> =>
    waitUntil(
      async () => {
        const status = await hospital.status().catch(() => null);
        return status !== null && holds(status) && status;
      },
      { what, timeoutMs: PATIENCE_MS, everyMs: 50, processes: [coordinator.process, hospital.process!] },
    );

  it('has no other way, and is told what its settings lack', async () => {
    expect(await enrol({ FEDISTL_PROXY: 'none' })).toContain('error CLIENT.UNREACHABLE: ');
    expect(await enrol({ FEDISTL_CA_FILE: undefined })).toMatch(/error CLIENT\.TLS_NOT_TRUSTED: .*FEDISTL_CA_FILE/);
    const none = await enrol({ FEDISTL_PROXY_CREDENTIALS_FILE: undefined });
    expect(none).toMatch(/error CLIENT\.PROXY_CREDENTIALS: .*FEDISTL_PROXY_CREDENTIALS_FILE/);
    expect(await enrol({ FEDISTL_CA_FILE: credentialsFile })).toContain('error CLIENT.BAD_CA_FILE: ');
    expect(await enrol({ FEDISTL_PROXY: `http://kim:${PASSWORD}@127.0.0.1:1` })).not.toContain(PASSWORD);
  });

  it('enrols, joins a round, loses its proxy in the middle of the upload, and goes on at the byte', async () => {
    const { administrator, studyLead } = coordinator.people;
    const fingerprint = /^this site +([\d -]+)$/m.exec(await enrol())?.[1];
    await administrator.approveSite(site.siteId, fingerprint ?? 'none');
    const { planHash } = await coordinator.study(plan);
    await allowStudy(site, plan.studyId, plan, planHash);
    const policyFile = path.join(nodeDirectoryOf(site), 'policy.json');
    const policy = JSON.parse(readFileSync(policyFile, 'utf8')) as object;
    writeFileSync(policyFile, JSON.stringify({ ...policy, maximumUploadBytesPerSecond: SLOW_BYTES_PER_SECOND }));
    await survivor.client.joinStudy(plan.studyId, { labelled: 8, unlabelledByFold: [0], holdOut: 8 });

    // The password has changed since: the node says so, waits, and needs no new start when the file is right again.
    writeFileSync(credentialsFile, 'kim:yesterday\n');
    hospital.start(settings());
    const waiting = await statusUntil('the refused password', ({ coordinator: { link } }) => link === 'waiting');
    expect(waiting.coordinator.reason).toMatchObject({ code: 'CLIENT.PROXY_CREDENTIALS' });
    writeFileSync(credentialsFile, `kim:${PASSWORD}\n`);
    const joined = await statusUntil(
      'the study to be joined through the proxy',
      ({ coordinator: { link, socket }, studies }) =>
        link === 'connected' && socket && studies.some((study) => study.joined),
    );
    expect(joined.coordinator).toMatchObject({ link: 'connected', url: COORDINATOR, proxy: proxy.url });
    expect((await administrator.showSite(site.siteId)).connected).toBe(true);

    let cutIn: SeenCall | undefined;
    front.onCall = (call) => {
      if (cutIn !== undefined || call.method !== 'PATCH' || call.bytes < 20_000) return;
      cutIn = call;
      proxy.setReachable(false);
    };
    await studyLead.startStudy(plan.studyId);
    const lost = await statusUntil('the proxy to be missed', ({ coordinator: { link } }) => link === 'waiting');
    expect(lost.coordinator.reason).toMatchObject({ code: 'CLIENT.PROXY_UNREACHABLE' });
    expect(lost.rounds[0]).toMatchObject({ studyId: plan.studyId, stage: 'signed' });
    const before = front.calls.length;
    proxy.setReachable(true);
    const manifest = await waitUntil(async () => (await survivor.rounds())[0], {
      what: 'the round of the other site',
      timeoutMs: PATIENCE_MS,
    });
    const update = survivor.makeUpdate(plan, manifest);
    await survivor.upload(update);
    await survivor.submit(update);
    const round = await waitUntil(
      async () => {
        const [first] = (await studyLead.studyRounds(plan.studyId)).rounds;
        return first?.phase === 'completed' && first;
      },
      { what: 'the round to be completed', timeoutMs: PATIENCE_MS, processes: [hospital.process!] },
    );
    expect(round.attempt).toBe(1);
    expect(round.updates.map(({ siteId }) => siteId).sort()).toEqual([site.siteId, 'survivor']);
    // The coordinator was asked where it stands, and the upload went on there, not at its beginning.
    const uploads = front.calls.slice(before).filter((call) => call.path.startsWith('/api/v1/uploads/'));
    expect(new Set(uploads.map(({ path: at }) => at))).toEqual(new Set([cutIn!.path]));
    const [asked, ...sent] = uploads;
    expect([asked!.method, ...new Set(sent.map(({ method }) => method))]).toEqual(['HEAD', 'PATCH']);
    const offsets = sent.map(({ uploadOffset }) => uploadOffset ?? 0);
    expect(offsets[0]).toBeGreaterThanOrEqual(16_384);
    expect(offsets).toEqual([...new Set(offsets)].sort((a, b) => a - b));
  });

  it('has come through the proxy with every connection, and told nobody the password', async () => {
    await hospital.stop();
    expect(proxy.line.cuts).toBeGreaterThan(0);
    expect(new Set(proxy.tunnels.map(({ authority: asked }) => asked))).toEqual(new Set([`${HOST}:443`]));
    // The proxy's ends of its connections are the other ends of the coordinator's: one for one, none beside.
    expect(front.clientPorts.toSorted()).toEqual(proxy.tunnels.map(({ localPort }) => localPort).toSorted());
    expect(new Set(proxy.refusals.map(({ status }) => status))).toEqual(new Set([407]));
    const paths = new Set(front.calls.map(({ path: at }) => at.replace(/^(\/api\/v1\/[\w-]+|\/socket\.io).*/, '$1')));
    for (const way of ['enrolments', 'site', 'uploads', 'blobs'].map((name) => `/api/v1/${name}`)) {
      expect(paths).toContain(way);
    }
    expect(paths).toContain('/socket.io');
    const log = readFileSync(path.join(site.directory, 'node.log'), 'utf8');
    expect(log).toContain('CLIENT.PROXY_CREDENTIALS');
    expect(log).not.toMatch(/hunter2|yesterday/);
  });
});
