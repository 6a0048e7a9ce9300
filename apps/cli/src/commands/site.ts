import { DomainError, parseSiteId } from '@fedistl/core';
import { type RequestBody, type SiteView } from '@fedistl/protocol';
import { type Command, Option } from 'commander';
import { printTable } from './dataset-tables';
import { wholeNumber } from './engine-options';
import { addConnectionOptions, connect, type ConnectionFlags, show } from './people-connection';

type RevocationCause = Extract<RequestBody<'propose'>['proposal'], { action: 'revoke-site' }>['cause'];
const CAUSES: readonly RevocationCause[] = ['key-compromised', 'key-retired', 'site-left', 'consent-withdrawn'];

interface InviteFlags extends ConnectionFlags {
  readonly name?: string;
  readonly hours: number;
}
interface ApproveFlags extends ConnectionFlags {
  readonly fingerprint: string;
}
interface RevokeFlags extends ConnectionFlags {
  readonly cause: RevocationCause;
  readonly reason: string;
}

/** `fedistl site invite|list|approve|revoke`: hospitals, as the coordinator's administrator sees them. */
export function registerSite(program: Command): void {
  const site = program.command('site').description("hospitals at a coordinator: the administrator's side");
  addConnectionOptions(
    site
      .command('invite')
      .description('make a one-time code, with which a hospital enrols')
      .argument('<site-id>', 'short name, as in seoul-1')
      .option('--name <text>', 'what people call it (the site id)')
      .option('--hours <n>', 'how long the code is good', wholeNumber, 72),
  ).action(invite);
  addConnectionOptions(site.command('list').description('all sites and what they do')).action(list);
  addConnectionOptions(
    site
      .command('approve')
      .description('let a site in whose fingerprint you compared with the hospital, by telephone for instance')
      .argument('<site-id>')
      .requiredOption('--fingerprint <digits>', 'as the hospital read it out'),
  ).action(approve);
  addConnectionOptions(
    site
      .command('revoke')
      .description('propose to shut a site out; another person approves it ("fedistl proposal approve")')
      .argument('<site-id>')
      .addOption(new Option('--cause <cause>', 'why').choices(CAUSES).makeOptionMandatory())
      .requiredOption('--reason <text>', 'in a sentence, for the ledger'),
  ).action(revoke);
}

async function invite(id: string, flags: InviteFlags): Promise<void> {
  const client = await connect(flags);
  const siteId = parseSiteId(id);
  const answer = await client.createEnrolmentCode({
    siteId,
    displayName: flags.name ?? id,
    validSeconds: flags.hours * 3600,
  });
  const { fingerprint } = await client.coordinatorCard();
  show(flags, { siteId, ...answer, coordinatorFingerprint: fingerprint }, ({ code, expiresAt }) => [
    `code         ${code}   (good once, until ${expiresAt})`,
    `fingerprint  ${fingerprint}   (of this coordinator)`,
    `at the site: fedistl node enrol --site ${id} --coordinator ${client.rest.baseUrl} --code ...`,
  ]);
}

async function list(flags: ConnectionFlags): Promise<void> {
  const answer = await (await connect(flags)).listSites();
  if (flags.json === true) {
    console.log(JSON.stringify(answer));
    return;
  }
  printTable(
    ['site', 'name', 'state', 'connected', 'doing', 'last seen', 'fingerprint'],
    answer.sites.map((site) => [
      site.siteId,
      site.displayName,
      site.state,
      site.connected ? 'yes' : 'no',
      activityText(site),
      site.lastSeenAt ?? 'never',
      site.fingerprint,
    ]),
  );
}

/** Of a site that is away nobody knows what it does: what it said last would look like the present. */
function activityText({ activity, connected }: SiteView): string {
  if (activity === null || !connected) return '-';
  if (activity.kind === 'paused') return `paused: ${activity.reason}`;
  return 'studyId' in activity
    ? `${activity.kind} ${activity.studyId} generation ${activity.generation}`
    : activity.kind;
}

async function approve(siteId: string, flags: ApproveFlags): Promise<void> {
  const client = await connect(flags);
  show(flags, await client.approveSite(siteId, flags.fingerprint), (site) => `${site.siteId}: ${site.state}`);
}

async function revoke(siteId: string, flags: RevokeFlags): Promise<void> {
  const client = await connect(flags);
  const { state } = await client.showSite(siteId);
  if (state === 'revoked') throw new DomainError('COMMAND.SITE_REVOKED', `${siteId} is revoked already`);
  const action = { action: 'revoke-site', siteId: parseSiteId(siteId), cause: flags.cause } as const;
  const proposal = await client.propose(action, flags.reason);
  show(
    flags,
    proposal,
    ({ id }) => `proposal ${id}: another person approves it: fedistl proposal approve ${id} --reason "..."`,
  );
}
