import { CodedError } from '@fairlead/shared/kernel';

/** The same answer for a snapshot that does not exist and one that belongs to others. */
export function snapshotNotAssigned(): CodedError {
  return new CodedError(
    { code: 'snapshot.not-assigned', kind: 'not_found' },
    'No such snapshot is assigned to this cluster.',
  );
}
