interface Protection {
  readonly annotation: string;
  readonly value: string;
  /** The object stays and is no longer the app's: our marks go. */
  readonly detaches: boolean;
}

const protections: readonly Protection[] = [
  { annotation: 'fairlead.dev/prune', value: 'disabled', detaches: false },
  { annotation: 'fairlead.dev/reconcile', value: 'disabled', detaches: false },
  { annotation: 'kustomize.toolkit.fluxcd.io/prune', value: 'disabled', detaches: false },
  { annotation: 'kustomize.toolkit.fluxcd.io/reconcile', value: 'disabled', detaches: false },
  { annotation: 'kustomize.toolkit.fluxcd.io/ssa', value: 'ignore', detaches: false },
  { annotation: 'client.lifecycle.config.k8s.io/deletion', value: 'detach', detaches: true },
  { annotation: 'cli-utils.sigs.k8s.io/on-remove', value: 'keep', detaches: true },
];

/** The annotation that keeps an object from being deleted, null when there is none. */
export function protectionOf(annotations: Readonly<Record<string, string>>): Protection | null {
  return (
    protections.find(({ annotation, value }) => annotations[annotation]?.toLowerCase() === value.toLowerCase()) ?? null
  );
}
