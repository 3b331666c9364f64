import { useRenderWorkerBundle } from '../../../../../../test/harness/render-worker-bundle.ts';
import { launchWorker } from './launch.ts';

describe('a render worker', () => {
  const probe = useRenderWorkerBundle('test/fixtures/render-worker-probe.ts');

  it('reaches no file, process, thread, network or environment', async () => {
    process.env['FAIRLEAD_PLANTED'] = 'x';
    const child = launchWorker(probe(), { maxHeapMb: 64 });
    delete process.env['FAIRLEAD_PLANTED'];
    const outcomes = await new Promise<Record<string, string>>((resolve, reject) => {
      child.on('message', (message) => resolve(message as Record<string, string>));
      child.on('exit', (code) => reject(new Error(`the probe ended with ${code}`)));
    });
    child.kill('SIGKILL');
    const { environment, ...attempts } = outcomes;
    expect(environment?.split(' ').filter((name) => name.startsWith('FAIRLEAD') || name === 'PATH')).toEqual([]);
    expect(Object.keys(attempts)).toHaveLength(16);
    expect(Object.entries(attempts).filter(([, outcome]) => outcome === 'allowed')).toEqual([]);
    expect(attempts).toMatchObject({
      'read a file': 'Error ERR_ACCESS_DENIED',
      'start a process': 'Error ERR_ACCESS_DENIED',
      'open a socket by its class': 'ConfinedError',
      'evaluate a text': expect.stringContaining('EvalError'),
    });
  });
});
