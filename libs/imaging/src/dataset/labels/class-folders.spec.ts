import { labelsFromFolders } from './class-folders';

describe('labelsFromFolders', () => {
  it.each([
    ['train/TB/1.png', ['train/TB/1.png', 'test/Normal/2.png'], 'train', 'TB'],
    ['TB/val/1.png', ['TB/val/1.png', 'NORMAL/train/2.png'], 'val', 'TB'],
    ['TB/1.png', ['TB/1.png', 'NORMAL/2.png'], null, 'TB'],
    ['test/1.png', ['test/1.png', 'train/2.png'], 'test', null],
  ])('reads %s', (one, all, split, className) => {
    expect(labelsFromFolders(all, { positive: null })?.(one)).toMatchObject({ split, className });
  });

  it('does not take folders of patients for classes', () => {
    expect(labelsFromFolders(['Mustermann_Max/1.dcm', 'Musterfrau_Eva/1.dcm'], { positive: null })).toBeNull();
  });

  it('takes unknown names for classes when the operator names one of them', () => {
    const labels = labelsFromFolders(['silicosis/1.png', 'clear/2.png'], { positive: 'Silicosis' });
    expect(labels?.('clear/2.png').className).toBe('clear');
  });

  it('says nothing when some images lie outside the class folders', () => {
    expect(labelsFromFolders(['TB/1.png', '2.png'], { positive: null })).toBeNull();
  });
});
