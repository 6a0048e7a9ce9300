import { parseStudyId } from '@fedistl/core';
import { Logger } from '@nestjs/common';
import { InProcessEvents } from './in-process-events';

const event = { type: 'study', studyId: parseStudyId('tb') } as const;

describe('InProcessEvents', () => {
  beforeAll(() => {
    Logger.overrideLogger(false);
  });

  it('tells every listener until it unsubscribes', () => {
    const events = new InProcessEvents();
    const seen: string[] = [];
    const stop = events.subscribe(() => seen.push('a'));
    events.subscribe(() => seen.push('b'));
    events.publish(event);
    stop();
    events.publish(event);
    expect(seen).toEqual(['a', 'b', 'b']);
  });

  it('tells the others when one fails', () => {
    const events = new InProcessEvents();
    const seen: unknown[] = [];
    events.subscribe(() => {
      throw new Error('broken');
    });
    events.subscribe((each) => seen.push(each));
    events.publish(event);
    expect(seen).toEqual([event]);
  });
});
