import { DefaultNamingStrategy } from 'typeorm';

/** Columns in snake_case, as SQL is written by hand; names of constraints stand in the entities. */
export class SnakeNamingStrategy extends DefaultNamingStrategy {
  override columnName(propertyName: string, customName: string | undefined): string {
    return customName ?? propertyName.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  }
}
