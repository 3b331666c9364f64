/**
 * What the agent does with an object that stays in the app. `ifNotPresent`: it is created when it is not there and left
 * alone afterwards. `disabled`: it is neither created nor touched, and never pruned.
 */
export type ReconcilePolicy = 'normal' | 'ifNotPresent' | 'disabled';

export const reconcileAnnotation = 'fairlead.dev/reconcile';

type Annotations = Readonly<Record<string, string>>;

/** The policy of an object by what Git says and what somebody wrote on the live one; the more careful of the two wins. */
export function reconcilePolicy(desired: Annotations | null, live: Annotations | null): ReconcilePolicy {
  const said = [policyOf(desired), policyOf(live)];
  if (said.includes('disabled')) return 'disabled';
  return said.includes('ifNotPresent') ? 'ifNotPresent' : 'normal';
}

function policyOf(annotations: Annotations | null): ReconcilePolicy {
  const said = annotations?.[reconcileAnnotation];
  return said === 'disabled' || said === 'ifNotPresent' ? said : 'normal';
}
