import { homedir } from 'node:os';
import path from 'node:path';
import { existsSync, mkdirSync } from 'node:fs';
import { DomainError, parseJson } from '@fedistl/core';
import { readTextFile, writeFileAtomic } from '@fedistl/core/node';
import { z } from 'zod';

const profileSchema = z.strictObject({ coordinator: z.string().min(1), tokenFile: z.string().min(1).optional() });

/** What a person need not say again. The token itself is not in it, only where its file lies. */
export type Profile = z.infer<typeof profileSchema>;

/** `FEDISTL_PROFILE`, else `fedistl/profile.json` in the user's configuration directory. */
export function profileFile(env: NodeJS.ProcessEnv = process.env): string {
  const configuration = env['XDG_CONFIG_HOME'] ?? path.join(homedir(), '.config');
  return env['FEDISTL_PROFILE'] ?? path.join(configuration, 'fedistl', 'profile.json');
}

/** @returns null without a file @throws DomainError `COMMAND.PROFILE` for a file that is none */
export async function readProfile(file = profileFile()): Promise<Profile | null> {
  if (!existsSync(file)) return null;
  const result = profileSchema.safeParse(parseJson(await readTextFile(file)));
  if (result.success) return result.data;
  throw new DomainError('COMMAND.PROFILE', `${file}: expected {"coordinator": ..., "tokenFile": ...}: write it anew`);
}

export async function writeProfile(profile: Profile, file = profileFile()): Promise<void> {
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  await writeFileAtomic(file, [Buffer.from(`${JSON.stringify(profile, null, 2)}\n`)]);
}
