import { DomainError } from '@fedistl/core';

/** A model description, parameter set or input that the network cannot take (`VIT.*`, docs/errors/vit.md). */
export class VitError extends DomainError {}

/** A weight file whose tensors do not fit the model (`WEIGHTS.*`, docs/errors/vit.md). */
export class WeightsError extends DomainError {}

/** A PyTorch file that is broken, hostile or beyond what the restricted reader takes (`TORCH.*`, docs/errors/vit.md). */
export class TorchFileError extends DomainError {}
