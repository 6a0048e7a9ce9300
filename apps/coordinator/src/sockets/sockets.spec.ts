import { parseStudyId } from '@fedistl/core';
import { canRunPostgres } from '@fedistl/persistence/testing';
import { consoleEventSchema, type ConsoleEvent, socketNamespaces } from '@fedistl/protocol';
import { io, type Socket } from 'socket.io-client';
import { Events } from '../events/events';
import { TestCoordinator } from '../testing/test-coordinator';
import { TestSite } from '../testing/test-site';
import { insertStudy } from '../testing/test-study';

const describeWithPostgres = canRunPostgres() ? describe : describe.skip;

/** A client's end of a socket, with what came in. */
class Line {
  readonly events: ConsoleEvent[] = [];
  private constructor(readonly socket: Socket) {}

  static open(url: string, namespace: string, token: string): Line {
    const socket = io(`${url}${namespace}`, { auth: { token }, reconnection: false, forceNew: true });
    const line = new Line(socket);
    socket.on('event', (event: unknown) => line.events.push(consoleEventSchema.parse(event)));
    return line;
  }

  /** Waits for an event of socket.io. */
  next(name: string): Promise<unknown> {
    return new Promise((resolve) => this.socket.once(name, resolve));
  }

  /** Waits for a console event of a type. */
  async heard(type: string): Promise<ConsoleEvent> {
    for (;;) {
      const found = this.events.find((event) => event.type === type);
      if (found !== undefined) return found;
      await this.next('event');
    }
  }

  close(): void {
    this.socket.disconnect();
  }
}

describeWithPostgres('sockets', () => {
  let coordinator: TestCoordinator;
  let viewer: string;
  const lines: Line[] = [];
  const open = (namespace: keyof typeof socketNamespaces, token: string) => {
    const line = Line.open(coordinator.url, socketNamespaces[namespace], token);
    lines.push(line);
    return line;
  };
  const connected = async (namespace: keyof typeof socketNamespaces, token: string) => {
    const line = open(namespace, token);
    await line.next('connect');
    return line;
  };
  const refused = async (namespace: keyof typeof socketNamespaces, token: string) =>
    ((await open(namespace, token).next('connect_error')) as Error).message;

  beforeAll(async () => {
    coordinator = await TestCoordinator.start();
    viewer = await coordinator.person('Han', 'viewer');
    await insertStudy(coordinator, 'tb', 'a'.repeat(64));
  }, 120_000);

  afterEach(() => {
    for (const line of lines.splice(0)) line.close();
  });

  afterAll(async () => {
    await coordinator.dispose();
  });

  it('are for whom their namespace is for', async () => {
    const site = await (await TestSite.approved(coordinator, 'gumi')).login();
    expect(await refused('sites', 'x')).toBe('ACCESS.BAD_TOKEN');
    expect(await refused('sites', '')).toMatch(/^PROTOCOL.INVALID_MESSAGE$/);
    expect(await refused('sites', viewer)).toBe('ACCESS.FORBIDDEN');
    expect(await refused('console', site)).toBe('ACCESS.FORBIDDEN');
    await connected('console', viewer);
    await connected('sites', site);
  });

  it('take heartbeats and refuse what is none, with an error body', async () => {
    const line = await connected('sites', await (await TestSite.approved(coordinator, 'seoul')).login());
    const beat = (body: unknown): Promise<unknown> => line.socket.timeout(10_000).emitWithAck('heartbeat', body);
    expect(await beat({ activity: { kind: 'idle' }, capabilities: null })).toMatchObject({
      intervalSeconds: coordinator.config.heartbeatSeconds,
    });
    expect(await beat({ activity: { kind: 'sleeping' } })).toMatchObject({ code: 'PROTOCOL.INVALID_MESSAGE' });
    const { sites } = await coordinator.call('listSites', { token: viewer });
    expect(sites.find(({ siteId }) => siteId === 'seoul')).toMatchObject({
      connected: true,
      activity: { kind: 'idle' },
    });
  });

  it('bring progress to the console, and only what is progress', async () => {
    const people = await connected('console', viewer);
    const line = await connected('sites', await (await TestSite.approved(coordinator, 'busan')).login());
    const round = { studyId: 'tb', generation: 1, round: 1, attempt: 1 };
    const progress = { ...round, step: 3, steps: 10, loss: 0.5, imagesPerSecond: 20, etaSeconds: 7 };
    line.socket.emit('progress', { ...progress, step: -1 });
    line.socket.emit('progress', { ...progress, pixels: [1, 2, 3] });
    line.socket.emit('progress', progress);
    expect(await people.heard('progress')).toMatchObject({ siteId: 'busan', ...progress });
    expect(people.events.filter(({ type }) => type === 'progress')).toHaveLength(1);
  });

  it('wake the sites that there is work for, and no other', async () => {
    const daegu = await connected('sites', await (await TestSite.approved(coordinator, 'daegu')).login());
    const other = await connected('sites', await (await TestSite.approved(coordinator, 'ulsan')).login());
    const woken: string[] = [];
    other.socket.on('work', () => woken.push('other'));
    const events = coordinator.get(Events);
    const studyId = parseStudyId('tb');
    const work = daegu.next('work');
    events.publish({ type: 'work', studyId, siteIds: ['daegu' as never] });
    expect(await work).toEqual({ studyId: 'tb' });
    const study = Promise.all([daegu.next('study'), other.next('study')]);
    events.publish({ type: 'study', studyId });
    expect(await study).toEqual([{ studyId: 'tb' }, { studyId: 'tb' }]);
    expect(woken).toEqual([]);
  });

  it('tell the console who comes, goes, and what is changed', async () => {
    const people = await connected('console', viewer);
    const site = await TestSite.approved(coordinator, 'jeju');
    expect(await people.heard('site')).toMatchObject({ siteId: 'jeju' });
    people.events.length = 0;
    const line = await connected('sites', await site.login());
    await people.heard('site');
    people.events.length = 0;
    line.close();
    await people.heard('site');
    const { connected: there } = await coordinator.call('showSite', { token: viewer, params: { siteId: 'jeju' } });
    expect(there).toBe(false);
  });

  it('of a revoked site and of a revoked token are closed at once', async () => {
    const lead = await coordinator.person('Lee', 'study-lead');
    const site = await connected('sites', await (await TestSite.approved(coordinator, 'suwon')).login());
    const proposal = { action: 'revoke-site', siteId: 'suwon', cause: 'site-left' };
    const { id } = await coordinator.call('propose', { token: lead, body: { proposal, reason: 'left' } });
    const closed = Promise.all([site.next('closed'), site.next('disconnect')]);
    const reviewer = await coordinator.person('Park', 'reviewer');
    await coordinator.call('approveProposal', { token: reviewer, params: { id }, body: { reason: 'yes' } });
    expect(await closed).toEqual([{ code: 'SITE.REVOKED' }, 'io server disconnect']);

    const leaver = await coordinator.person('Ro', 'viewer');
    const people = await connected('console', leaver);
    const ended = people.next('disconnect');
    const own = await coordinator.call('me', { token: leaver });
    await coordinator.call('revokeToken', { token: coordinator.administrator, params: { id: own.id } });
    expect(await ended).toBe('io server disconnect');
  });

  it('are let go when the coordinator stops, and taken again when it is back', async () => {
    const site = await TestSite.approved(coordinator, 'yeosu');
    const token = await site.login();
    const line = await connected('sites', token);
    const ended = line.next('disconnect');
    await coordinator.stop();
    await ended;
    await coordinator.resume();
    await connected('sites', token);
  });
});
