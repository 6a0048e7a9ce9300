import { z } from 'zod';

/**
 * How an update's numbers travel. Exact sizes and error bounds: docs/aggregation.md. `int8-block` stores one float32
 * scale per `blockLength` values; with `errorFeedback` the site adds what rounding lost to its next update.
 */
export const transferEncodingSchema = z.discriminatedUnion('name', [
  z.strictObject({ name: z.literal('float32') }),
  z.strictObject({ name: z.literal('float16') }),
  z.strictObject({ name: z.literal('bfloat16') }),
  z.strictObject({
    name: z.literal('int8-block'),
    blockLength: z.union([z.literal(64), z.literal(128), z.literal(256), z.literal(512), z.literal(1024)]),
    errorFeedback: z.boolean(),
  }),
]);

/**
 * What happens to the weight-normalised last layer of the DINO head (the largest tensor of the model): left out of the
 * exchange, averaged like the rest, or averaged with every row scaled to norm 1 first, because a row's norm does not
 * change the function but would act as a weight in the average.
 */
export const lastLayerExchangeSchema = z.enum(['exclude', 'average', 'average-normalised-rows']);

export const transferPlanSchema = z.strictObject({
  encoding: transferEncodingSchema,
  dinoLastLayer: lastLayerExchangeSchema,
});

export type TransferEncoding = z.infer<typeof transferEncodingSchema>;
export type LastLayerExchange = z.infer<typeof lastLayerExchangeSchema>;
export type TransferPlan = z.infer<typeof transferPlanSchema>;
