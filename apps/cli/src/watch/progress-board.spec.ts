import { ProgressBoard } from './progress-board';

function collected(isTTY: boolean): { isTTY: boolean; text: string; write(text: string): void } {
  return {
    isTTY,
    text: '',
    write(text) {
      this.text += text;
    },
  };
}

it('writes a line for each quarter where there is no terminal', () => {
  const output = collected(false);
  const board = new ProgressBoard(['site-1'], output);
  for (let step = 0; step <= 40; step++) board.update('site-1', { text: `training ${step}/40`, share: step / 40 });
  expect(output.text.trim().split('\n')).toEqual(
    [0, 10, 20, 30, 40].map((step, line) => `${line === 0 ? '' : '  '}site-1: training ${step}/40`),
  );
});

it('draws over its bars on a terminal, with notes above them', () => {
  const output = collected(true);
  const board = new ProgressBoard(['site-1', 'site-2'], output);
  board.update('site-2', { text: 'training 1/2', share: 0.5 });
  board.note('generation 0');
  const last = output.text.split('\u001b[2A\u001b[J').at(-1)!;
  expect(last.split('\n')).toEqual([
    'generation 0',
    expect.stringMatching(/site-1 +\[ +\]/) as string,
    expect.stringMatching(/site-2 +\[#{12}\.{12}\] training 1\/2/) as string,
    '',
  ]);
});
