import { join } from 'node:path';

/** Where the files of one cluster are. Every process of it has this directory in its command line. */
export interface ClusterFiles {
  readonly directory: string;
  readonly certificates: string;
  readonly tokens: string;
  readonly serviceAccountKey: string;
  readonly serviceAccountPublicKey: string;
  /** The kubeconfig that the cluster's own programs use. */
  readonly kubeconfig: string;
  /** Where users find it; the same file unless they asked for another place. */
  readonly publishedKubeconfig: string;
  readonly kwokConfiguration: string;
  readonly containerLog: string;
  readonly state: string;
}

/** Loopback ports of one cluster; they stay the same when a part of it is restarted. */
export interface ClusterPorts {
  readonly etcd: number;
  readonly etcdPeer: number;
  readonly apiServer: number;
  readonly kubelet: number;
}

export function clusterFiles(directory: string, publishedKubeconfig?: string): ClusterFiles {
  const kubeconfig = join(directory, 'kubeconfig.yaml');
  return {
    directory,
    certificates: join(directory, 'certificates'),
    tokens: join(directory, 'tokens.csv'),
    serviceAccountKey: join(directory, 'service-accounts.key'),
    serviceAccountPublicKey: join(directory, 'service-accounts.pub'),
    kubeconfig,
    publishedKubeconfig: publishedKubeconfig ?? kubeconfig,
    kwokConfiguration: join(directory, 'kwok.yaml'),
    containerLog: join(directory, 'container.log'),
    state: join(directory, 'cluster.json'),
  };
}

export function etcdArguments(files: ClusterFiles, ports: ClusterPorts): readonly string[] {
  const client = `http://127.0.0.1:${ports.etcd}`;
  const peer = `http://127.0.0.1:${ports.etcdPeer}`;
  return [
    '--name=bed',
    `--data-dir=${join(files.directory, 'etcd')}`,
    `--listen-client-urls=${client}`,
    `--advertise-client-urls=${client}`,
    `--listen-peer-urls=${peer}`,
    `--initial-advertise-peer-urls=${peer}`,
    `--initial-cluster=bed=${peer}`,
    // A bed need not survive a power cut, and there is nobody to be elected but this member.
    '--unsafe-no-fsync',
    '--heartbeat-interval=50',
    '--election-timeout=500',
    '--log-level=warn',
  ];
}

export function apiServerArguments(files: ClusterFiles, ports: ClusterPorts): readonly string[] {
  return [
    `--etcd-servers=http://127.0.0.1:${ports.etcd}`,
    '--bind-address=127.0.0.1',
    '--advertise-address=127.0.0.1',
    `--secure-port=${ports.apiServer}`,
    `--cert-dir=${files.certificates}`,
    `--token-auth-file=${files.tokens}`,
    '--authorization-mode=RBAC',
    '--service-account-issuer=https://kubernetes.default.svc',
    `--service-account-key-file=${files.serviceAccountPublicKey}`,
    `--service-account-signing-key-file=${files.serviceAccountKey}`,
    '--service-cluster-ip-range=10.96.0.0/16',
    // The first would hold back Pods until a token could be mounted that nobody reads; the second taints every Node until
    // the node controllers, which do not run here, take the taint away.
    '--disable-admission-plugins=ServiceAccount,TaintNodesByCondition',
    '--endpoint-reconciler-type=none',
    '--kubelet-preferred-address-types=InternalIP',
    '--allow-privileged=true',
    // A polite end waits for watches, which clients keep open for minutes.
    '--shutdown-send-retry-after=true',
    '--shutdown-watch-termination-grace-period=1s',
    '--profiling=false',
  ];
}

// Nodes are played by kwok; the others have nothing to do without a cloud or a kubelet and would only cost start time.
const controllersOff = [
  'bootstrap-signer-controller',
  'certificatesigningrequest-approving-controller',
  'certificatesigningrequest-cleaner-controller',
  'certificatesigningrequest-signing-controller',
  'cloud-node-lifecycle-controller',
  'node-ipam-controller',
  'node-lifecycle-controller',
  'node-route-controller',
  'service-lb-controller',
  'taint-eviction-controller',
  'token-cleaner-controller',
  'ttl-controller',
];

export function controllerManagerArguments(files: ClusterFiles): readonly string[] {
  return [
    `--kubeconfig=${files.kubeconfig}`,
    `--controllers=*,${controllersOff.map((name) => `-${name}`).join(',')}`,
    `--service-account-private-key-file=${files.serviceAccountKey}`,
    `--root-ca-file=${join(files.certificates, 'apiserver.crt')}`,
    '--leader-elect=false',
    '--secure-port=0',
    '--kube-api-qps=200',
    '--kube-api-burst=400',
    '--profiling=false',
  ];
}

export function schedulerArguments(files: ClusterFiles): readonly string[] {
  return [
    `--kubeconfig=${files.kubeconfig}`,
    '--leader-elect=false',
    '--secure-port=0',
    '--kube-api-qps=200',
    '--kube-api-burst=400',
    '--profiling=false',
  ];
}

export function kwokArguments(files: ClusterFiles, ports: ClusterPorts): readonly string[] {
  return [
    `--kubeconfig=${files.kubeconfig}`,
    `--config=${files.kwokConfiguration}`,
    '--manage-all-nodes=true',
    '--node-ip=127.0.0.1',
    `--node-port=${ports.kubelet}`,
    `--server-address=127.0.0.1:${ports.kubelet}`,
    '--cidr=10.244.0.0/16',
    // No leases: nothing here watches them, and a restarted kwok would leave its Nodes alone until the old ones expire.
    '--node-lease-duration-seconds=0',
    '--v=warn',
  ];
}
