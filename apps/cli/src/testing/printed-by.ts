import { Command } from 'commander';

type Register = (program: Command) => void;

/** Runs a command in this process, as the command line would. @returns what it prints on stdout; progress goes nowhere */
export async function printedBy(registers: readonly Register[], args: readonly string[]): Promise<string> {
  const quiet = { writeErr: (): void => undefined };
  const program = new Command().version('0.0.0-test').exitOverride().configureOutput(quiet);
  for (const register of registers) register(program);
  for (const command of program.commands) command.exitOverride().configureOutput(quiet);
  const printed: string[] = [];
  const { stdout, stderr } = process;
  const [out, error, log] = [stdout.write.bind(stdout), stderr.write.bind(stderr), console.log];
  console.log = (line: string) => void printed.push(`${line}\n`);
  stdout.write = (text: string | Uint8Array) => printed.push(String(text)) > 0;
  stderr.write = () => true;
  try {
    await program.parseAsync([...args], { from: 'user' });
  } finally {
    stdout.write = out;
    stderr.write = error;
    console.log = log;
  }
  return printed.join('');
}
