/**
 * The page's script. Everything is set as text, never as markup: titles of studies come from outside. The token comes in the
 * address' fragment, which is not sent, and is kept for this tab.
 */
export const PAGE_SCRIPT = `'use strict';
const at = (id) => document.getElementById(id);
const fromAddress = /token=([\\w-]+)/.exec(location.hash);
if (fromAddress) {
  sessionStorage.setItem('token', fromAddress[1]);
  history.replaceState(null, '', location.pathname);
}
const token = sessionStorage.getItem('token');

function table(id, head, rows) {
  const table = at(id);
  table.replaceChildren();
  if (head) {
    const row = table.createTHead().insertRow();
    for (const name of head) {
      const cell = document.createElement('th');
      cell.scope = 'col';
      cell.textContent = name;
      row.append(cell);
    }
  }
  const body = table.createTBody();
  for (const values of rows) {
    const row = body.insertRow();
    for (const value of values) {
      const cell = row.insertCell();
      if (typeof value === 'number') cell.className = 'number';
      cell.textContent = typeof value === 'number' ? value.toLocaleString('en-GB') : (value ?? '');
    }
  }
  if (!rows.length) {
    const cell = body.insertRow().insertCell();
    cell.className = 'quiet';
    cell.textContent = 'none';
  }
}

const time = (text) => text ? new Date(text).toLocaleString('en-GB') : 'never';
const why = (reasons) => reasons.map((reason) => reason.code + ': ' + reason.message).join('; ');
const roundName = (of) => 'generation ' + of.generation + (of.round == null ? '' : ', round ' + of.round) +
  (of.attempt == null ? '' : ', attempt ' + of.attempt);
const flat = (value) => value !== null && typeof value === 'object' && !Array.isArray(value)
  ? Object.entries(value).map(([name, inner]) => name + ' ' + inner).join(', ')
  : Array.isArray(value) ? value.join(', ') || 'none' : value === null ? 'no limit' : String(value);

function show(status, left) {
  at('site').textContent = status.siteId;
  document.title = status.siteId + ' · fedistl node';
  const { coordinator, activity, progress } = status;
  at('link').textContent = coordinator.link === 'connected'
    ? 'connected to ' + coordinator.url + (coordinator.proxy === null ? '' : ' through ' + coordinator.proxy)
    : coordinator.reason ? coordinator.reason.code + ': ' + coordinator.reason.message : 'starting';
  at('link').className = coordinator.link === 'connected' ? 'good' : 'bad';
  at('pause').hidden = !token || status.paused !== null;
  at('resume').hidden = !token || status.paused === null;
  at('now').textContent = (status.paused === null ? '' : 'Paused: ' + status.paused + '. ') +
    (activity.kind === 'idle' || activity.kind === 'paused' ? 'Nothing is being done.'
      : activity.kind + ': study ' + activity.studyId + ', ' + roundName(activity));
  at('bar').hidden = !progress;
  at('rate').textContent = '';
  if (progress) {
    at('bar').max = progress.steps;
    at('bar').value = progress.step;
    at('rate').textContent = 'step ' + progress.step + ' of ' + progress.steps +
      (progress.loss === null ? '' : ' · loss ' + progress.loss.toFixed(4)) +
      (progress.imagesPerSecond === null ? '' : ' · ' + progress.imagesPerSecond.toFixed(1) + ' images/s') +
      (progress.etaSeconds === null ? '' : ' · ' + Math.ceil(progress.etaSeconds) + ' s left');
  }
  table('studies', ['study', 'state', 'data set', 'labelled', 'unlabelled by fold', 'hold-out', 'takes part'], status.studies.map((study) => [
    study.title + ' (' + study.studyId + ')', study.state, study.dataSet ?? 'none assigned', study.counts?.labelled,
    study.counts?.unlabelledByFold.join(' / '), study.counts?.holdOut, study.reasons.length ? why(study.reasons) : study.joined ? 'yes' : 'no',
  ]));
  table('rounds', ['study', 'what', 'stage', 'why', 'when'], [
    ...status.rounds.map((round) => [round.studyId, roundName(round), round.stage, why(round.reasons), time(round.updatedAt)]),
    ...status.evaluations.map((one) => [one.studyId, 'evaluation, ' + roundName(one), one.stage, why(one.reasons), time(one.updatedAt)]),
  ]);
  table('data', ['data set', 'found', 'usable', 'quarantined'], status.dataSets.map((set) => [
    set.name, set.found, set.usable, Object.entries(set.quarantined).map(([reason, count]) => reason + ' ' + count).join(', ') || 'none',
  ]));
  table('policy', null, Object.entries(status.policy).filter(([name]) => name !== 'type' && name !== 'version').map(([name, value]) => [name, flat(value)]));
  table('trust', null, [
    ['this site', status.fingerprint], ['coordinator', coordinator.fingerprint], ['last heartbeat', time(coordinator.lastHeartbeatAt)],
    ['engine', status.engine.name + ' (' + status.engine.reason + ')'], ['software', status.software],
  ]);
  table('log', ['when', 'what', 'code'], status.recent.slice().reverse().map((line) => [time(line.at), line.message, line.code]));
  const total = Object.values(status.egress.bytesByClass).reduce((sum, bytes) => sum + bytes, 0);
  at('left-sum').textContent = status.egress.entries + ' entries, ' + total.toLocaleString('en-GB') + ' bytes of content; head of the chain ' + left.head;
  table('left', ['when', 'what', 'bytes', 'why', 'round', 'SHA-256'], left.entries.map((entry) => [
    time(entry.at), entry.class, entry.bytes, entry.purpose, entry.of ? entry.of.studyId + ', ' + roundName(entry.of) : '', entry.hash ?? '',
  ]));
}

async function refresh() {
  try {
    const [status, left] = await Promise.all([fetch('/status'), fetch('/egress')]);
    if (!status.ok || !left.ok) throw new Error('the node answers ' + status.status);
    show(await status.json(), await left.json());
  } catch (error) {
    at('link').textContent = 'the node does not answer: ' + error.message;
    at('link').className = 'bad';
  }
}

async function act(path, body) {
  await fetch(path, { method: 'POST', headers: { authorization: 'Bearer ' + token, 'content-type': 'application/json' }, body: JSON.stringify(body) });
  await refresh();
}

at('pause').addEventListener('click', () => {
  const reason = prompt('Why is the node paused? The coordinator is told.', 'maintenance');
  if (reason) act('/pause', { reason });
});
at('resume').addEventListener('click', () => act('/resume', {}));
refresh();
setInterval(refresh, 2000);
`;
