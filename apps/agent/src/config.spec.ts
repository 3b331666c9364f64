import { readConfig } from './config.ts';

describe('the configuration', () => {
  it('comes from flags, else from the environment', () => {
    const env = {
      FAIRLEAD_HUB_URL: 'https://hub.example',
      FAIRLEAD_CLUSTER_NAME: 'from-env',
      FAIRLEAD_JOIN_TOKEN: 'secret-token',
    };
    const config = readConfig(['--name', 'eu-1', '--state-dir', '/state'], env);
    expect(config).toMatchObject({
      clusterName: 'eu-1',
      stateDir: '/state',
      namespace: 'fairlead-system',
      kubeconfig: null,
    });
    expect(config.hubUrl.href).toBe('https://hub.example/');
    expect(JSON.stringify(config)).not.toContain('secret-token');
    expect(config.joinToken?.reveal()).toBe('secret-token');
  });

  it('reports all problems together', () => {
    const error = problemsOf(['--hub', 'http://hub.example', '--log-level', 'loud'], {});
    expect(error).toEqual([
      '--name (FAIRLEAD_CLUSTER_NAME) is missing',
      '--hub must be https outside loopback',
      '--log-level must be debug, info, warn or error',
    ]);
  });

  it('allows plain HTTP on this machine only', () => {
    expect(problemsOf(['--name', 'a', '--hub', 'http://127.0.0.1:7700'], {})).toEqual([]);
    expect(problemsOf(['--name', 'a', '--hub', 'ftp://hub'], {})).toEqual(['--hub must be an http(s) URL']);
  });
});

function problemsOf(argv: string[], env: NodeJS.ProcessEnv): unknown {
  try {
    readConfig(argv, env);
    return [];
  } catch (error) {
    return (error as { details?: { problems?: unknown } }).details?.problems;
  }
}
