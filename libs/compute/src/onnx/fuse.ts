import { type AttributeValue, type GraphNode } from '../trace/graph';
import { sameShape, type TraceValue } from '../trace/value';

/**
 * Merges operations that ONNX has one operator for, where the runtime's own optimiser does not: a sum onto a matrix product
 * (Gemm's third operand), a constant factor of a product (its alpha), and a sum of squares. Each merge saves a pass over a
 * tensor. A node is merged away only if nothing else reads its result.
 */
export function fuse(nodes: readonly GraphNode[], outputs: readonly TraceValue[]): GraphNode[] {
  const uses = countUses(nodes, outputs);
  const producers = new Map<string, GraphNode>();
  const merged = new Set<GraphNode>();
  const fused: GraphNode[] = [];
  /** The node that computes `value`, if this is its only reader. */
  const soleProducer = (value: TraceValue | undefined): GraphNode | undefined =>
    value !== undefined && uses.get(value.name) === 1 ? producers.get(value.name) : undefined;
  for (const node of nodes) {
    const replacement =
      addOntoProduct(node, soleProducer) ?? scaleProduct(node, soleProducer) ?? sumOfSquares(node, soleProducer);
    if (replacement !== undefined) merged.add(replacement.absorbed);
    const kept = replacement?.node ?? node;
    for (const value of kept.outputs) producers.set(value.name, kept);
    fused.push(kept);
  }
  return fused.filter((node) => !merged.has(node));
}

interface Replacement {
  readonly node: GraphNode;
  readonly absorbed: GraphNode;
}

type SoleProducer = (value: TraceValue | undefined) => GraphNode | undefined;

/** `Add(Gemm(a, b), c)` -> `Gemm(a, b, c)`, c broadcast over rows or a whole matrix. */
function addOntoProduct(node: GraphNode, soleProducer: SoleProducer): Replacement | undefined {
  if (node.operator !== 'Add') return undefined;
  const [left, right] = node.inputs;
  for (const [product, summand] of [
    [left, right],
    [right, left],
  ] as const) {
    const gemm = soleProducer(product);
    const shape = node.outputs[0]?.shape ?? [];
    if (gemm?.operator !== 'Gemm' || gemm.inputs.length !== 2 || summand === undefined) continue;
    if (!sameShape(gemm.outputs[0]?.shape ?? [], shape) || !broadcastsOnto(summand.shape, shape)) continue;
    return { absorbed: gemm, node: { ...gemm, inputs: [...gemm.inputs, summand], outputs: node.outputs } };
  }
  return undefined;
}

function broadcastsOnto(summand: readonly number[], matrix: readonly number[]): boolean {
  if (summand.length > matrix.length) return false;
  const offset = matrix.length - summand.length;
  return summand.every((length, axis) => length === 1 || length === matrix[axis + offset]);
}

/** `Mul(product(a, b), constant)` -> the product with that alpha. */
function scaleProduct(node: GraphNode, soleProducer: SoleProducer): Replacement | undefined {
  if (node.operator !== 'Mul') return undefined;
  const [left, right] = node.inputs;
  for (const [value, factor] of [
    [left, right],
    [right, left],
  ] as const) {
    const product = soleProducer(value);
    if (product === undefined || factor?.splat === undefined || factor.dtype !== 'float32') continue;
    if (!sameShape(value?.shape ?? [], node.outputs[0]?.shape ?? [])) continue;
    const scalable = product.operator === 'FusedMatMul' || (product.operator === 'Gemm' && product.inputs.length === 2);
    if (!scalable) continue;
    const alpha = { float: alphaOf(product.attributes) * factor.splat };
    return {
      absorbed: product,
      node: { ...product, attributes: { ...product.attributes, alpha }, outputs: node.outputs },
    };
  }
  return undefined;
}

function alphaOf(attributes: Readonly<Record<string, AttributeValue>>): number {
  const alpha = attributes['alpha'];
  return typeof alpha === 'object' && 'float' in alpha ? alpha.float : 1;
}

/** `ReduceSum(Mul(x, x))` -> `ReduceSumSquare(x)`. */
function sumOfSquares(node: GraphNode, soleProducer: SoleProducer): Replacement | undefined {
  if (node.operator !== 'ReduceSum') return undefined;
  const [value, axes] = node.inputs;
  const square = soleProducer(value);
  const [x, same] = square?.inputs ?? [];
  if (square?.operator !== 'Mul' || x === undefined || x.name !== same?.name || axes === undefined) return undefined;
  return { absorbed: square, node: { ...node, operator: 'ReduceSumSquare', inputs: [x, axes] } };
}

function countUses(nodes: readonly GraphNode[], outputs: readonly TraceValue[]): Map<string, number> {
  const uses = new Map<string, number>();
  const count = ({ name }: TraceValue): void => {
    uses.set(name, (uses.get(name) ?? 0) + 1);
  };
  for (const { inputs } of nodes) inputs.forEach(count);
  outputs.forEach(count);
  return uses;
}
