import { CreateTables1795522881434 } from './1795522881434-create-tables';

/** Every migration, oldest first. Made by `WRITE_MIGRATION=verb-noun npx jest migrations.spec`, read, never edited later. */
export const migrations = [CreateTables1795522881434];
