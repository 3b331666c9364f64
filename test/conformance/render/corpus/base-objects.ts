/** A little of everything that refers to something else, as the base of all features. */
export const baseObjects = `apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data: {host: web.example.dev, port: "8080", mode: plain, json: '{"a":{"b":"old","n":1},"list":["x","y"]}', text: "x=1"}
---
apiVersion: v1
kind: Secret
metadata: {name: passwords}
type: Opaque
stringData: {user: admin}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: runner}
imagePullSecrets: [{name: passwords}]
---
apiVersion: v1
kind: Service
metadata: {name: web, labels: {app: web}, annotations: {note: "of $(HOST)"}}
spec:
  selector: {app: web}
  ports:
  - {name: http, port: 80, targetPort: 8080}
  - {name: dns, port: 53, protocol: UDP}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  labels: {app: web, tier: front}
  annotations: {team: one}
spec:
  replicas: 2
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
      annotations: {port: "1"}
    spec:
      serviceAccountName: runner
      containers:
      - name: app
        image: nginx:1.20
        args: [--host, $(HOST), --port=$(PORT)]
        env:
        - {name: HOST, value: placeholder}
        - {name: MODE, valueFrom: {configMapKeyRef: {name: settings, key: mode}}}
        ports:
        - containerPort: 8080
        volumeMounts:
        - {name: data, mountPath: /data}
      - name: side
        image: registry.example.dev:5000/side:v1
        envFrom:
        - secretRef: {name: passwords}
      volumes:
      - {name: data, persistentVolumeClaim: {claimName: data}}
      - {name: conf, configMap: {name: settings}}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: store, labels: {app: store}}
spec:
  serviceName: web
  replicas: 1
  selector:
    matchLabels: {app: store}
  template:
    metadata:
      labels: {app: store}
    spec:
      containers:
      - {name: store, image: "redis@sha256:24a0c4b4"}
  volumeClaimTemplates:
  - metadata: {name: data}
    spec: {storageClassName: fast}
---
apiVersion: batch/v1
kind: CronJob
metadata: {name: nightly}
spec:
  schedule: "0 1 * * *"
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
          containers:
          - {name: job, image: busybox, command: [sh, -c, echo $(MODE)], env: [{name: A, value: "$(HOST):$(PORT)"}]}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: data}
spec: {storageClassName: fast}
---
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: {name: fast}
provisioner: example.dev/fast
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web}
spec:
  rules:
  - host: $(HOST)
    http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}
  - host: second.example.dev
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: web}
spec: {maxReplicas: 5, scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: reader}
rules: [{apiGroups: [""], resources: [configmaps], resourceNames: [settings], verbs: [get]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: reader}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader}
subjects:
- {kind: ServiceAccount, name: runner}
- {kind: ServiceAccount, name: default}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: reader}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}
subjects:
- {kind: ServiceAccount, name: runner, namespace: default}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web}
spec:
  podSelector:
    matchLabels: {app: web}
  ingress:
  - from:
    - podSelector:
        matchLabels: {app: store}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: web}
spec:
  minAvailable: 1
  selector:
    matchLabels: {app: web}
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: gates.example.dev}
spec: {group: example.dev, scope: Namespaced, names: {kind: Gate, plural: gates}}
---
apiVersion: example.dev/v1
kind: Gate
metadata: {name: gate, labels: {app: web}}
spec:
  service: web
  config: {name: settings}
  image: nginx:1.20
  replicas: 3
  hosts: [{name: a, weight: 1}, {name: b, weight: 2}]
  flags: [one, two]
  selector: {app: web}
---
apiVersion: v1
kind: Namespace
metadata: {name: shop}
---
apiVersion: apiregistration.k8s.io/v1
kind: APIService
metadata: {name: v1.example.dev}
spec: {group: example.dev, version: v1, service: {name: web, namespace: default}}
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {name: guard}
webhooks: [{name: guard.example.dev, clientConfig: {service: {name: web, namespace: default}}}]
`;
