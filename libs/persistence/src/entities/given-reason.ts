import { Column } from 'typeorm';

/** Columns of a row that says why a site does not do what it was asked to. */
export abstract class GivenReason {
  @Column({ type: 'text' })
  code!: string;

  @Column({ type: 'text' })
  message!: string;

  @Column({ type: 'timestamptz' })
  at!: Date;
}
