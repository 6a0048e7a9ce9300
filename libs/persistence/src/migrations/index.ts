import { CreateTables1795522881434 } from './1795522881434-create-tables';
import { AddEvaluationWithdrawal1795533727949 } from './1795533727949-add-evaluation-withdrawal';
import { AddJudgement1795547400000 } from './1795547400000-add-judgement';

/** Every migration, oldest first. Made by `WRITE_MIGRATION=verb-noun npx jest migrations.spec`, read, never edited later. */
export const migrations = [CreateTables1795522881434, AddEvaluationWithdrawal1795533727949, AddJudgement1795547400000];
