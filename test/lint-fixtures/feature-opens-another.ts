// as: apps/hub/src/features/access/access.module.ts
// breaks: no-restricted-syntax
import { recordDrift } from '../drift/persistence/pg-record-drift.ts'; // refused
import { sealEntries } from '../ledger/domain/seal-chain.ts'; // refused
import { DriftModule } from '../drift/drift.module.ts';
import { RECORD_DRIFT } from '../drift/application/record-drift.ts';
