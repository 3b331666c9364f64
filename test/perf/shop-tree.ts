/** The files of the render benchmark: one base of 22 objects, a component with one more, many overlays. */
export type FileTree = ReadonlyMap<string, string>;

const services = ['gateway', 'orders', 'stock'] as const;

/** A tree with a number of overlays, each with contents of its own. */
export function shopTree(overlays: number): FileTree {
  const files = new Map<string, string>();
  addBase(files);
  for (let index = 0; index < overlays; index += 1) addOverlay(files, index);
  return files;
}

/** The name of an overlay's directory. */
export function overlayName(index: number): string {
  return `c${String(index).padStart(4, '0')}`;
}

function addBase(files: Map<string, string>): void {
  files.set('base/kustomization.yaml', baseKustomization());
  for (const service of services) files.set(`base/${service}.yaml`, workload(service));
  files.set('base/network.yaml', network);
  files.set('base/access.yaml', access);
  files.set('base/app.properties', 'log.level=info\nfeature.search=true\n');
  files.set(
    'ha/kustomization.yaml',
    'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nresources: [budget.yaml]\n',
  );
  files.set(
    'ha/budget.yaml',
    'apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {name: gateway}\nspec:\n  minAvailable: 1\n  selector: {matchLabels: {app: gateway}}\n',
  );
}

function baseKustomization(): string {
  const generators = services.map(
    (service) => `- name: ${service}-config\n  literals: [service=${service}, port=8080]\n  files: [app.properties]\n`,
  );
  const secrets = services.map(
    (service) => `- name: ${service}-credentials\n  literals: [user=${service}, password=of-${service}]\n`,
  );
  return [
    'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n',
    ...services.map((service) => `- ${service}.yaml\n`),
    '- network.yaml\n- access.yaml\nconfigMapGenerator:\n',
    ...generators,
    'secretGenerator:\n',
    ...secrets,
  ].join('');
}

function workload(name: string): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
  labels: {app: ${name}, tier: backend}
spec:
  replicas: 2
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata:
      labels: {app: ${name}, tier: backend}
    spec:
      serviceAccountName: ${name}
      containers:
      - name: server
        image: registry.example/${name}:1.0.0
        ports:
        - {containerPort: 8080, name: http}
        envFrom:
        - configMapRef: {name: ${name}-config}
        env:
        - name: PASSWORD
          valueFrom: {secretKeyRef: {name: ${name}-credentials, key: password}}
        resources:
          requests: {cpu: 100m, memory: 64Mi}
          limits: {memory: 128Mi}
        readinessProbe:
          httpGet: {path: /ready, port: http}
        volumeMounts:
        - {name: config, mountPath: /etc/app}
      volumes:
      - name: config
        configMap: {name: ${name}-config}
---
apiVersion: v1
kind: Service
metadata: {name: ${name}, labels: {app: ${name}}}
spec:
  selector: {app: ${name}}
  ports:
  - {port: 80, targetPort: http, name: http}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: ${name}}
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: ${name}}
spec:
  minReplicas: 1
  maxReplicas: 5
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: ${name}}
`;
}

const network = `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: shop}
spec:
  rules:
  - host: shop.example.org
    http:
      paths:
      - path: /
        pathType: Prefix
        backend: {service: {name: gateway, port: {name: http}}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: backend}
spec:
  podSelector: {matchLabels: {tier: backend}}
  ingress:
  - from:
    - podSelector: {matchLabels: {app: gateway}}
`;

const access = `apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: reader}
rules:
- apiGroups: [""]
  resources: [configmaps]
  verbs: [get, list]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: reader}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader}
subjects:
- {kind: ServiceAccount, name: gateway}
- {kind: ServiceAccount, name: orders}
`;

function addOverlay(files: Map<string, string>, index: number): void {
  const name = overlayName(index);
  files.set(
    `overlays/${name}/kustomization.yaml`,
    `apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources: [../../base]
components: [../../ha]
namespace: shop-${name}
namePrefix: ${name}-
labels:
- pairs: {cluster: ${name}}
  includeTemplates: true
images:
- {name: registry.example/gateway, newTag: 1.${index}.0}
- {name: registry.example/orders, newTag: 1.${index}.1}
- {name: registry.example/stock, newTag: 1.${index}.2}
replicas:
- {name: orders, count: ${(index % 7) + 1}}
configMapGenerator:
- name: gateway-config
  behavior: merge
  literals: [cluster=${name}, slot=${index}]
patches:
- path: resources.yaml
- target: {kind: Ingress}
  patch: |-
    - op: replace
      path: /spec/rules/0/host
      value: ${name}.example.org
- target: {labelSelector: tier=backend}
  patch: |-
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: any}
    spec:
      template:
        spec:
          nodeSelector: {slot: "${index}"}
`,
  );
  files.set(
    `overlays/${name}/resources.yaml`,
    `apiVersion: apps/v1
kind: Deployment
metadata: {name: stock}
spec:
  template:
    spec:
      containers:
      - name: server
        env:
        - {name: SLOT, value: "${index}"}
        resources:
          limits: {memory: ${128 + (index % 64)}Mi}
`,
  );
}
