import { bodyPartCode, modalityCode, viewCode } from './header-codes';

describe('header codes', () => {
  it.each([
    [modalityCode, 'CR', 'CR'],
    [modalityCode, 'Mustermann', 'OTHER'],
    [bodyPartCode, 'WHOLE BODY', 'WHOLEBODY'],
    [bodyPartCode, 'Petra M', 'OTHER'],
    [viewCode, 'left lateral', 'LEFTLATERAL'],
    [viewCode, 'pa', 'PA'],
    [viewCode, '  ', null],
    [viewCode, null, null],
  ])('%p keeps known words only: %p', (code, text, expected) => {
    expect(code(text)).toBe(expected);
  });
});
