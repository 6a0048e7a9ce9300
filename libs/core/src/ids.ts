import { DomainError } from './errors';

/** A text or a hash was given where an identifier of a certain form belongs. */
export class IdError extends DomainError {}

declare const brand: unique symbol;

/** A primitive that the compiler keeps apart from others of the same representation. */
export type Branded<T, Name extends string> = T & { readonly [brand]: Name };

export type StudyId = Branded<string, 'StudyId'>;
export type SiteId = Branded<string, 'SiteId'>;
export type RoundId = Branded<string, 'RoundId'>;
export type UpdateId = Branded<string, 'UpdateId'>;
export type DatasetId = Branded<string, 'DatasetId'>;

/** SHA-256 of a model's safetensors bytes. */
export type ModelHash = Branded<string, 'ModelHash'>;
/** SHA-256 of a study plan's canonical bytes. */
export type PlanHash = Branded<string, 'PlanHash'>;
/** SHA-256 of any content-addressed blob. */
export type BlobHash = Branded<string, 'BlobHash'>;
/** SHA-256 of a raw 32-byte public key. */
export type KeyFingerprint = Branded<string, 'KeyFingerprint'>;

/** 1 to 64 of a-z, 0-9, '.', '_' and '-', first and last a letter or digit: safe in URLs, file names and logs. */
const NAME = /^[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?$/;
const SHA256_HEX = /^[0-9a-f]{64}$/;

/** What is shown of a refused value; at most 80 characters, because it may come from an attacker. */
function shown(value: unknown): string {
  if (typeof value !== 'string') return `a value of type ${value === null ? 'null' : typeof value}`;
  return JSON.stringify(value.length > 80 ? `${value.slice(0, 77)}...` : value);
}

function nameParser<Name extends string>(kind: Name): (value: unknown) => Branded<string, Name> {
  return (value) => {
    if (typeof value === 'string' && NAME.test(value) && !value.includes('..')) return value as Branded<string, Name>;
    throw new IdError(
      'ID.BAD_NAME',
      `expected a ${kind} of 1 to 64 characters a-z, 0-9, ".", "_", "-" that starts and ends with a letter or digit ` +
        `and holds no "..", got ${shown(value)}`,
      { details: { kind } },
    );
  };
}

function hashParser<Name extends string>(kind: Name): (value: unknown) => Branded<string, Name> {
  return (value) => {
    if (typeof value === 'string' && SHA256_HEX.test(value)) return value as Branded<string, Name>;
    throw new IdError('ID.BAD_HASH', `expected a ${kind} of 64 lower-case hex digits (SHA-256), got ${shown(value)}`, {
      details: { kind },
    });
  };
}

/** Each parser returns its argument, typed, or throws `IdError` (`ID.BAD_NAME`). A lower-case UUID is a valid name. */
export const parseStudyId: (value: unknown) => StudyId = nameParser('StudyId');
export const parseSiteId: (value: unknown) => SiteId = nameParser('SiteId');
export const parseRoundId: (value: unknown) => RoundId = nameParser('RoundId');
export const parseUpdateId: (value: unknown) => UpdateId = nameParser('UpdateId');
export const parseDatasetId: (value: unknown) => DatasetId = nameParser('DatasetId');

/** Each parser returns its argument, typed, or throws `IdError` (`ID.BAD_HASH`). */
export const parseModelHash: (value: unknown) => ModelHash = hashParser('ModelHash');
export const parsePlanHash: (value: unknown) => PlanHash = hashParser('PlanHash');
export const parseBlobHash: (value: unknown) => BlobHash = hashParser('BlobHash');
export const parseKeyFingerprint: (value: unknown) => KeyFingerprint = hashParser('KeyFingerprint');
