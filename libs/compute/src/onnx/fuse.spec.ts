import { Graph } from '../trace/graph';
import { type TraceValue } from '../trace/value';
import { fuse } from './fuse';

const operators = (graph: Graph, ...outputs: TraceValue[]): string[] =>
  fuse(graph.nodes, outputs).map(({ operator }) => operator);

describe('fuse', () => {
  const start = () => {
    const graph = new Graph();
    const a = graph.input('a', [4, 3], 'float32');
    const b = graph.input('b', [3, 5], 'float32');
    const product = graph.node('Gemm', [a, b], [4, 5], 'float32', { attributes: { transA: 0, transB: 0 } });
    return { graph, a, b, product };
  };

  it('takes a bias and a scale into the product', () => {
    const { graph, product } = start();
    const scaled = graph.node('Mul', [product, graph.splat(0.5, [], 'float32')], [4, 5], 'float32');
    const sum = graph.node('Add', [graph.input('bias', [5], 'float32'), scaled], [4, 5], 'float32');
    const [gemm, ...rest] = fuse(graph.nodes, [sum]);
    expect(rest).toEqual([]);
    expect(gemm).toMatchObject({ operator: 'Gemm', attributes: { alpha: { float: 0.5 } } });
    expect(gemm!.inputs.map(({ name }) => name)).toEqual(['a', 'b', 'bias']);
  });

  it('leaves a product alone that something else reads', () => {
    const { graph, product } = start();
    const sum = graph.node('Add', [product, graph.input('bias', [5], 'float32')], [4, 5], 'float32');
    expect(operators(graph, sum, product)).toEqual(['Gemm', 'Add']);
  });

  it('does not scale after a bias went in, nor add what would widen the product', () => {
    const { graph, product } = start();
    const sum = graph.node('Add', [product, graph.input('bias', [5], 'float32')], [4, 5], 'float32');
    const scaled = graph.node('Mul', [sum, graph.splat(2, [], 'float32')], [4, 5], 'float32');
    expect(operators(graph, scaled)).toEqual(['Gemm', 'Mul']);
    const wide = graph.node('Add', [product, graph.input('w', [2, 4, 5], 'float32')], [2, 4, 5], 'float32');
    expect(fuse(graph.nodes, [wide]).map(({ operator }) => operator)).toContain('Add');
  });

  it('turns a sum of squares into one operator, and a sum of other products not', () => {
    const graph = new Graph();
    const [x, y] = [graph.input('x', [7], 'float32'), graph.input('y', [7], 'float32')];
    const square = graph.node('Mul', [x, x], [7], 'float32');
    const norm = graph.node('ReduceSum', [square, graph.integers([0])], [], 'float32', { attributes: { keepdims: 0 } });
    const product = graph.node('Mul', [x, y], [7], 'float32');
    const dot = graph.node('ReduceSum', [product, graph.integers([0])], [], 'float32', { attributes: { keepdims: 0 } });
    expect(operators(graph, norm, dot)).toEqual(['ReduceSumSquare', 'Mul', 'ReduceSum']);
  });
});
