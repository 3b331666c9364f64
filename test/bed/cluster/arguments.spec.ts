import {
  apiServerArguments,
  clusterFiles,
  controllerManagerArguments,
  etcdArguments,
  kwokArguments,
  schedulerArguments,
} from './arguments.ts';

const files = clusterFiles('/bed/one', '/elsewhere/one.yaml');
const ports = { etcd: 20_001, etcdPeer: 20_002, apiServer: 20_003, kubelet: 20_004 };
const all = {
  etcd: etcdArguments(files, ports),
  apiServer: apiServerArguments(files, ports),
  controllerManager: controllerManagerArguments(files),
  scheduler: schedulerArguments(files),
  kwok: kwokArguments(files, ports),
};

describe('the programs of a cluster', () => {
  it('can all be recognised by the directory of their cluster', () => {
    for (const args of Object.values(all)) expect(args.join(' ')).toContain('/bed/one/');
  });

  it('listen on the loopback address only', () => {
    expect(all.apiServer).toContain('--bind-address=127.0.0.1');
    expect(all.kwok).toContain('--server-address=127.0.0.1:20004');
    for (const arg of all.etcd.filter((each) => each.includes('-urls='))) expect(arg).toContain('=http://127.0.0.1:');
    expect(all.controllerManager).toContain('--secure-port=0');
    expect(all.scheduler).toContain('--secure-port=0');
  });

  it('leave out what would keep Pods from becoming Ready without real Nodes', () => {
    expect(all.apiServer).toContain('--disable-admission-plugins=ServiceAccount,TaintNodesByCondition');
    const controllers = all.controllerManager.find((arg) => arg.startsWith('--controllers='));
    for (const name of ['node-lifecycle', 'node-ipam', 'taint-eviction']) {
      expect(controllers).toContain(`-${name}-controller`);
    }
  });

  it('read their own kubeconfig, wherever the user wants one', () => {
    expect(files.publishedKubeconfig).toBe('/elsewhere/one.yaml');
    expect(all.scheduler).toContain('--kubeconfig=/bed/one/kubeconfig.yaml');
  });
});
