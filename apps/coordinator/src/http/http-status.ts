/** Status of single codes. */
const byCode: Readonly<Record<string, number>> = {
  'ACCESS.NO_TOKEN': 401,
  'ACCESS.BAD_TOKEN': 401,
  'ACCESS.FORBIDDEN': 403,
  'ACCESS.FOUR_EYES': 403,
  'BLOB.NOT_FOUND': 404,
  'BLOB.BAD_RANGE': 416,
  'BLOB.HASH_MISMATCH': 422,
  'ENROLMENT.BAD_CODE': 400,
  'ENROLMENT.CODE_UNKNOWN': 403,
  'ENROLMENT.CODE_USED': 409,
  'ENROLMENT.CODE_EXPIRED': 403,
  'ENROLMENT.CODE_MISMATCH': 400,
  'HTTP.BAD_JSON': 400,
  'HTTP.BODY_TOO_LARGE': 413,
  'HTTP.NOT_FOUND': 404,
  'HTTP.REFUSED': 400,
  'HTTP.STOPPING': 503,
  'HTTP.NOT_READY': 503,
  'INTERNAL.ERROR': 500,
  'LOGIN.REFUSED': 401,
  'PROTOCOL.BAD_SIGNATURE': 403,
  'PROTOCOL.NO_TRANSITION': 500,
  'RATE.LIMITED': 429,
  'ROUND.NOT_INVITED': 403,
  'ROUND.SITE_REVOKED': 403,
  'SITE.NOT_APPROVED': 403,
  'SITE.REVOKED': 403,
  'SITE.FINGERPRINT_MISMATCH': 409,
  'STUDY.FOUR_EYES': 403,
  'UPLOAD.EXPIRED': 410,
  'UPLOAD.LOCKED': 423,
  'UPLOAD.TOO_LARGE': 413,
  'UPLOAD.WRONG_OFFSET': 409,
  'UPLOAD.FULL': 507,
  'UPLOAD.HASH_MISMATCH': 422,
  'UPLOAD.TOO_MANY': 429,
};

/** Status of an area's other codes. A code of no area here is the coordinator's own failure. */
const byArea: Readonly<Record<string, number>> = {
  AGGREGATION: 422,
  ENCODING: 400,
  ENROLMENT: 409,
  ENVELOPE: 400,
  EVALUATION: 409,
  ID: 400,
  KEY: 400,
  LAYOUT: 422,
  LEDGER: 422,
  MODEL: 409,
  PROPOSAL: 409,
  PROTOCOL: 400,
  ROUND: 409,
  SAFETENSORS: 422,
  SITE: 409,
  STUDY: 409,
  TOKEN: 409,
  UPDATE: 422,
  UPLOAD: 400,
};

/**
 * HTTP status of an error code; undefined for a code that no client caused, which is answered as `INTERNAL.ERROR`.
 * The one table of the coordinator.
 */
export function httpStatusOf(code: string): number | undefined {
  const [area = '', reason = ''] = code.split('.');
  return byCode[code] ?? (reason === 'NOT_FOUND' || reason === 'UNKNOWN' ? 404 : undefined) ?? byArea[area];
}
