import { DomainError } from '@fedistl/core';

/** An enrolment, a login or a site that is not as expected. Codes `ENROLMENT.*`, `LOGIN.*`, `SITE.*`. */
export class SiteError extends DomainError {}
