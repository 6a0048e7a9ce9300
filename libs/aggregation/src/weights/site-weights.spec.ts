import { siteWeights } from './site-weights';

const counts = [100, 200, 300, 5000].map((imagesSeen) => ({
  steps: 1,
  imagesSeen,
  acceptedPseudoLabels: imagesSeen / 2,
  labelledImages: 0,
}));

describe('site weights', () => {
  it('are the images seen, the accepted pseudo-labels, or one', () => {
    expect(siteWeights({ by: 'images-seen', capMultipleOfMedian: null }, counts)).toEqual([100, 200, 300, 5000]);
    expect(siteWeights({ by: 'accepted-pseudo-labels', capMultipleOfMedian: null }, counts)).toEqual([
      50, 100, 150, 2500,
    ]);
    expect(siteWeights({ by: 'uniform' }, counts)).toEqual([1, 1, 1, 1]);
  });

  it('are capped at a multiple of the median', () => {
    expect(siteWeights({ by: 'images-seen', capMultipleOfMedian: 4 }, counts)).toEqual([100, 200, 300, 1000]);
  });

  it('bound what a site gains by claiming a million X-rays', () => {
    const claim = (imagesSeen: number) =>
      siteWeights({ by: 'images-seen', capMultipleOfMedian: 4 }, [
        ...counts.slice(0, 3),
        { ...counts[3]!, imagesSeen },
      ]);
    expect(claim(1_000_000)).toEqual(claim(5000));
  });

  it('leave sites without images out of the cap, and refuse a round without any', () => {
    const none = { steps: 1, imagesSeen: 0, acceptedPseudoLabels: 0, labelledImages: 0 };
    expect(siteWeights({ by: 'images-seen', capMultipleOfMedian: 1 }, [none, none, counts[0]!])).toEqual([0, 0, 100]);
    expect(() => siteWeights({ by: 'images-seen', capMultipleOfMedian: 4 }, [none])).toThrow(
      expect.objectContaining({ code: 'AGGREGATION.NO_WEIGHT' }) as Error,
    );
  });
});
