import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { roundEventTypes } from './round-events';
import { roundTransitions } from './round-machine';
import { roundPhases } from './round-state';
import { transitionTable } from './transition-table';

const page = path.join(__dirname, '../../../../docs/protocol.md');
const begin = '<!-- round-transitions:begin -->';
const end = '<!-- round-transitions:end -->';

describe('transition table', () => {
  it('ends with a row without condition for every phase and event, so that no event is left unanswered', () => {
    for (const phase of roundPhases) {
      for (const event of roundEventTypes) {
        const rows = roundTransitions.filter((row) => row.event === event && row.from.includes(phase));
        expect([phase, event, rows.length > 0]).toEqual([phase, event, true]);
      }
    }
  });

  it('is the one that docs/protocol.md prints (UPDATE_DOCS=1 writes it)', () => {
    const text = readFileSync(page, 'utf8');
    const [before, after] = [text.indexOf(begin), text.indexOf(end)];
    expect(before).toBeGreaterThan(0);
    const expected = `${text.slice(0, before + begin.length)}\n\n${transitionTable()}\n\n${text.slice(after)}`;
    if (process.env['UPDATE_DOCS'] === '1') writeFileSync(page, expected);
    else expect(text).toBe(expected);
  });
});
