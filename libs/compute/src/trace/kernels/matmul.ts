import { tf } from '../../tf';
import { badAttribute, input, traceKernel } from './register';

export function registerMatMul(): void {
  traceKernel('BatchMatMul', (call) => {
    const [a, b] = [input(call, 'a'), input(call, 'b')];
    const { transposeA, transposeB } = call.attributes as { transposeA: boolean; transposeB: boolean };
    const batch = tf.backend_util.assertAndGetBroadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
    const rows = a.shape.at(transposeA ? -1 : -2) ?? 1;
    const columns = b.shape.at(transposeB ? -2 : -1) ?? 1;
    const shape = [...batch, rows, columns];
    if (a.shape.length === 2 && b.shape.length === 2) {
      return call.graph.node('Gemm', [a, b], shape, 'float32', {
        attributes: { transA: Number(transposeA), transB: Number(transposeB) },
      });
    }
    if (!transposeA && !transposeB) return call.graph.node('MatMul', [a, b], shape, 'float32');
    return call.graph.node('FusedMatMul', [a, b], shape, 'float32', {
      domain: 'com.microsoft',
      attributes: { transA: Number(transposeA), transB: Number(transposeB) },
    });
  });
  traceKernel('_FusedMatMul', (call) => {
    throw badAttribute(call, 'activation', 'an unfused product: use linear() of @fedistl/compute');
  });
}
