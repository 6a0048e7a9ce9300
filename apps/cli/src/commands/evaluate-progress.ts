/** Counts images on stderr: a line that stays on a terminal, one every tenth part elsewhere. @returns to be called an image */
export function imageProgress(total: number, stream: NodeJS.WriteStream = process.stderr): () => void {
  const started = performance.now();
  let [done, drawn, tenth] = [0, 0, 0];
  return () => {
    done += 1;
    const now = performance.now();
    const isLast = done === total;
    if (stream.isTTY ? now - drawn < 100 && !isLast : Math.floor((10 * done) / total) === tenth) return;
    drawn = now;
    tenth = Math.floor((10 * done) / total);
    const rate = done / Math.max(1e-3, (now - started) / 1e3);
    const text = `scored ${done}/${total} images, ${rate.toFixed(1)}/s`;
    stream.write(stream.isTTY ? `\r\u001b[K${text}${isLast ? '\n' : ''}` : `${text}\n`);
  };
}
