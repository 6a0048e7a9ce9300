import { Inject } from '@nestjs/common';

/** Injection token of the `CoordinatorConfig`. */
export const configToken = Symbol('CoordinatorConfig');

/** `@InjectConfig() private readonly config: CoordinatorConfig` */
export const InjectConfig = (): ParameterDecorator & PropertyDecorator => Inject(configToken);
