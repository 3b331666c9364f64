{{ $now := Now }}
{{ $root := . }}
{{ $annotations := or .metadata.annotations dict }}
{{ $everyone := has (get $annotations "bed.fairlead.dev/fate") (list "crash" "crash-later") }}
{{ $before := or .status.containerStatuses list }}
phase: Running
{{ if not .status.startTime }}
startTime: {{ $now | Quote }}
{{ end }}
hostIP: {{ NodeIPWith .spec.nodeName | Quote }}
podIP: {{ PodIPWith .spec.nodeName (or .spec.hostNetwork false) (or .metadata.uid "") (or .metadata.name "") (or .metadata.namespace "") | Quote }}
containerStatuses:
{{ range $index, $container := .spec.containers }}
{{ $restarts := 0 }}
{{ if lt $index (len $before) }}{{ $restarts = int (index $before $index).restartCount }}{{ end }}
- name: {{ .name | Quote }}
  image: {{ .image | Quote }}
  imageID: {{ .image | Quote }}
  {{ if or $everyone (regexMatch ":crash(-later)?(@.*)?$" (or .image "")) }}
  ready: false
  started: false
  restartCount: {{ add1 $restarts }}
  state:
    waiting:
      reason: CrashLoopBackOff
      message: {{ printf "back-off 10s restarting failed container=%s pod=%s_%s(%s)" .name $root.metadata.name $root.metadata.namespace $root.metadata.uid | Quote }}
  lastState:
    terminated: { exitCode: 1, reason: Error, startedAt: {{ $now | Quote }}, finishedAt: {{ $now | Quote }} }
  {{ else }}
  ready: true
  started: true
  restartCount: {{ $restarts }}
  state: { running: { startedAt: {{ $now | Quote }} } }
  {{ end }}
{{ end }}
conditions:
- { type: PodReadyToStartContainers, status: "True", lastTransitionTime: {{ $now | Quote }} }
- { type: Initialized, status: "True", lastTransitionTime: {{ $now | Quote }} }
{{ range tuple "ContainersReady" "Ready" }}
- { type: {{ . }}, status: "False", reason: ContainersNotReady, message: "containers with unready status", lastTransitionTime: {{ $now | Quote }} }
{{ end }}
