import { createServer } from 'node:net';
import { chooseFreePort, isPortFree, keepOrChoosePort, releasePorts } from './ports.ts';

describe('ports of a cluster', () => {
  it('skips ports that somebody listens on', async () => {
    const dice = [0.1, 0.1, 0.9];
    const tried: number[] = [];
    const port = await chooseFreePort({
      random: () => dice.shift() ?? 0.5,
      isFree: (candidate) => Promise.resolve(tried.push(candidate) > 1),
    });
    expect(tried).toHaveLength(2);
    expect(port).toBe(tried[1]);
    releasePorts([port]);
  });

  it('never hands out a port twice until it is given back', async () => {
    const choice = { random: () => 0.25, isFree: () => Promise.resolve(true), attempts: 3 };
    const port = await chooseFreePort(choice);
    await expect(chooseFreePort(choice)).rejects.toThrow('no free port');
    releasePorts([port]);
    await expect(chooseFreePort(choice)).resolves.toBe(port);
    releasePorts([port]);
  });

  it('stays below the ports that outgoing connections use', async () => {
    const highest = await chooseFreePort({ random: () => 0.999_999, isFree: () => Promise.resolve(true) });
    expect(highest).toBeLessThan(32_768);
    releasePorts([highest]);
  });

  it('keeps the port of an earlier start when it is still free', async () => {
    const isFree = () => Promise.resolve(true);
    expect(await keepOrChoosePort(20_123, { isFree })).toBe(20_123);
    expect(await keepOrChoosePort(20_123, { isFree, random: () => 0.5 })).not.toBe(20_123);
    releasePorts([20_123, 26_000]);
  });

  it('sees a listening server', async () => {
    const server = createServer();
    const port = await new Promise<number>((resolve) => {
      server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port));
    });
    expect(await isPortFree(port)).toBe(false);
    await new Promise((resolve) => server.close(resolve));
    expect(await isPortFree(port)).toBe(true);
  });
});
