import { writeFileAtomic } from '@fedistl/core/node';
import { type PeopleClient } from '@fedistl/client';
import { parseNoteKey } from '@fedistl/crypto';
import { verifyLedgerFile } from '@fedistl/crypto/node';
import { type DemoReport } from './demo-report';

/** Takes the coordinator's history home and checks it as any site could, without the network. */
export async function verifyDemoLedger(client: PeopleClient, file: string): Promise<DemoReport['ledger']> {
  const { ledgerKey } = await client.coordinatorCard();
  await writeFileAtomic(file, [Buffer.from(await client.ledgerExport())]);
  const logKeys = [parseNoteKey(ledgerKey)];
  const { ok, entries, checkpoints } = await verifyLedgerFile(file, { logKeys, witnesses: [], known: [], quorum: 0 });
  return { verified: ok, entries, checkpoints };
}
