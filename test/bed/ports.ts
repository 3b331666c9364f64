import { createServer } from 'node:net';
import { BedError } from './bed-error.ts';

// Below the range from which Linux and macOS take ports of outgoing connections, so that a port which is free now is not
// taken by a passing client before its server has started.
const firstPort = 20_000;
const lastPort = 32_000;

export interface PortChoice {
  readonly random?: () => number;
  readonly isFree?: (port: number) => Promise<boolean>;
  readonly attempts?: number;
}

// Ports promised to a server of this process that may not listen yet.
const promised = new Set<number>();

/** Finds a loopback port that nothing listens on and that this process has not handed out before. */
export async function chooseFreePort(choice: PortChoice = {}): Promise<number> {
  const random = choice.random ?? Math.random;
  const isFree = choice.isFree ?? isPortFree;
  for (let attempt = 0; attempt < (choice.attempts ?? 200); attempt += 1) {
    const port = firstPort + Math.floor(random() * (lastPort - firstPort));
    if (promised.has(port)) continue;
    promised.add(port);
    if (await isFree(port)) return port;
    promised.delete(port);
  }
  throw new BedError(`no free port between ${firstPort} and ${lastPort} on 127.0.0.1`);
}

/** Keeps `wanted` when it is still free, so that a restarted cluster keeps its address; otherwise finds another one. */
export async function keepOrChoosePort(wanted: number | undefined, choice: PortChoice = {}): Promise<number> {
  if (wanted !== undefined && !promised.has(wanted) && (await (choice.isFree ?? isPortFree)(wanted))) {
    promised.add(wanted);
    return wanted;
  }
  return chooseFreePort(choice);
}

/** Gives ports back after their servers have stopped. */
export function releasePorts(ports: Iterable<number>): void {
  for (const port of ports) promised.delete(port);
}

/** True when a server could listen on this loopback port right now. */
export function isPortFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ port, host: '127.0.0.1', exclusive: true }, () => probe.close(() => resolve(true)));
  });
}
