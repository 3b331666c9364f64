/** Names the app an object belongs to; watches select by it. */
export const appLabel = 'fairlead.dev/app';
/** Of kubectl's ApplySets: names the inventory of the app. */
export const partOfLabel = 'applyset.kubernetes.io/part-of';

/** Labels that say whose an object is. The agent sets them; a manifest that has one claims to belong to somebody else. */
export const ownerLabels: readonly string[] = [appLabel, partOfLabel];
