/** CPU milliseconds that this process has used since `start`; unlike the clock's they hardly grow on a busy machine. */
export function cpuSince(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}
