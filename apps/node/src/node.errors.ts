import { DomainError } from '@fedistl/core';

/** Something that the hospital's node cannot do, or will not. Codes `NODE.*`: docs/errors/node.md. */
export class NodeError extends DomainError {}
