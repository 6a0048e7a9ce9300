import { type MigrationInterface, type QueryRunner } from 'typeorm';

export class AddJudgement1795547400000 implements MigrationInterface {
  readonly name = 'AddJudgement1795547400000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE "evaluation_order" ADD "judgement" jsonb`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE "evaluation_order" DROP COLUMN "judgement"`);
  }
}
