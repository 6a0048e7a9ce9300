/**
 * In a process that was started with an IPC channel: ask this process to end, as SIGTERM does, when the one that started it
 * has died. Does nothing in a process that a person or a service manager started.
 */
export function endWithParent(): void {
  if (process.channel === undefined) return;
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  // The channel alone must not keep this process alive.
  process.channel.unref();
}
