import { z } from 'zod';
import { byteCount, originUrl, text, wholeNumber } from './value-schemas';

/** Every variable that the coordinator reads. The descriptions are the table in docs/operations.md. */
export const environmentSchema = z.object({
  FEDISTL_ENVIRONMENT: z
    .enum(['production', 'development'], 'production or development')
    .default('production')
    .describe('`development` allows FEDISTL_FAULT, which tests of crashes set'),
  FEDISTL_DATA_DIR: text('a path', /./)
    .default('fedistl-data')
    .describe('directory of keys, blobs, unfinished uploads and the embedded PostgreSQL'),
  FEDISTL_HOST: text('a host name or an address', /^[A-Za-z0-9.:_-]+$/)
    .default('127.0.0.1')
    .describe('address to listen on; 0.0.0.0 for all'),
  FEDISTL_PORT: wholeNumber(0, 65_535).prefault('8473').describe('port to listen on; 0 takes a free one'),
  FEDISTL_PUBLIC_URL: originUrl()
    .optional()
    .describe('how sites and people reach the coordinator; the bound address unless set'),
  FEDISTL_TRUST_PROXY: wholeNumber(0, 10)
    .prefault('0')
    .describe('reverse proxies in front, whose X-Forwarded-For is believed'),
  FEDISTL_NAME: text(
    "1 to 128 characters of a-z, 0-9, '.', '_', '-' and '/'",
    /^[a-z0-9](?:[a-z0-9._/-]{0,126}[a-z0-9])?$/,
  )
    .default('fedistl-coordinator')
    .describe('name of the coordinator and origin of its ledger; fixed at the first start'),
  DATABASE_URL: text('a postgres:// URL', /^postgres(?:ql)?:\/\//)
    .optional()
    .describe('PostgreSQL to use (secret); an embedded one in the data directory unless set'),
  FEDISTL_KEY_SECRET: text('at least 32 characters', /^.{32,}$/s)
    .optional()
    .describe('what opens the key file (secret); a file `keys/unlock-secret` in the data directory unless set'),
  FEDISTL_LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace'], 'fatal, error, warn, info, debug or trace')
    .default('info')
    .describe('least level that is logged'),
  FEDISTL_MAX_BODY_BYTES: byteCount(1024).prefault('4MiB').describe('largest JSON body'),
  FEDISTL_MAX_UPDATE_BYTES: byteCount(1).prefault('2GiB').describe('largest update that a site may upload'),
  FEDISTL_MAX_MODEL_BYTES: byteCount(1).prefault('4GiB').describe('largest model that a study lead may upload'),
  FEDISTL_MAX_OPEN_UPLOAD_BYTES: byteCount(1).prefault('64GiB').describe('all unfinished uploads together'),
  FEDISTL_MAX_OPEN_UPLOADS_PER_OWNER: wholeNumber(1, 1000)
    .prefault('8')
    .describe('unfinished uploads of one site or person'),
  FEDISTL_UPLOAD_IDLE_SECONDS: wholeNumber(1, 3600)
    .prefault('60')
    .describe('an upload without a byte for so long is cut; it can go on'),
  FEDISTL_UPLOAD_EXPIRY_HOURS: wholeNumber(1, 8760)
    .prefault('72')
    .describe('an unfinished upload is removed so long after it began'),
  FEDISTL_SESSION_SECONDS: wholeNumber(5, 86_400).prefault('900').describe("life of a site's token"),
  FEDISTL_CHALLENGE_SECONDS: wholeNumber(5, 3600).prefault('120').describe('life of a login challenge'),
  FEDISTL_HEARTBEAT_SECONDS: wholeNumber(1, 3600)
    .prefault('30')
    .describe('interval of heartbeats that sites are asked for'),
  FEDISTL_RATE_PER_MINUTE: wholeNumber(1, 1_000_000)
    .prefault('1200')
    .describe('requests of one token, or of one address without a token'),
  FEDISTL_LOGIN_RATE_PER_MINUTE: wholeNumber(1, 1_000_000)
    .prefault('60')
    .describe('enrolments, challenges and logins of one address'),
  FEDISTL_JOB_LEASE_SECONDS: wholeNumber(1, 3600)
    .prefault('15')
    .describe('a job of a coordinator that was killed is taken up again after so long'),
  FEDISTL_SHUTDOWN_SECONDS: wholeNumber(1, 600).prefault('20').describe('how long a stop waits for requests that run'),
});

export type Environment = z.output<typeof environmentSchema>;
export type VariableName = keyof Environment;

/** Variables whose value is never shown, and which `NAME_FILE` may bring. */
export const secretVariables: readonly VariableName[] = ['DATABASE_URL', 'FEDISTL_KEY_SECRET'];
