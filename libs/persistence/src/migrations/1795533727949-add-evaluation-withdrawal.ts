import { type MigrationInterface, type QueryRunner } from 'typeorm';

export class AddEvaluationWithdrawal1795533727949 implements MigrationInterface {
  readonly name = 'AddEvaluationWithdrawal1795533727949';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `CREATE TABLE "evaluation_withdrawal" ("study_id" text NOT NULL, "generation" integer NOT NULL, "site_id" text NOT NULL, "code" text NOT NULL, "message" text NOT NULL, "at" TIMESTAMP WITH TIME ZONE NOT NULL, CONSTRAINT "pk_evaluation_withdrawal" PRIMARY KEY ("study_id", "generation", "site_id"))`,
    );
    await runner.query(
      `ALTER TABLE "evaluation_withdrawal" ADD CONSTRAINT "fk_evaluation_withdrawal_order" FOREIGN KEY ("study_id", "generation") REFERENCES "evaluation_order"("study_id","generation") ON DELETE NO ACTION ON UPDATE NO ACTION`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE "evaluation_withdrawal" DROP CONSTRAINT "fk_evaluation_withdrawal_order"`);
    await runner.query(`DROP TABLE "evaluation_withdrawal"`);
  }
}
