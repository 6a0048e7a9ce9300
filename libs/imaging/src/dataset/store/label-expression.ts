import { resolvePositive } from '../labels/positive-class';
import { type IndexDatabase } from './index-database';
import { readVocabulary } from './vocabulary';

/** SQL for the label of an `image` row, with one parameter: the name of the class or finding. */
export function labelExpression(index: IndexDatabase, positive: string): string {
  return resolvePositive(positive, readVocabulary(index)).kind === 'class'
    ? 'CASE WHEN class IS NULL THEN NULL ELSE class = ? END'
    : '(SELECT value FROM finding WHERE image_id = image.id AND name = ?)';
}
