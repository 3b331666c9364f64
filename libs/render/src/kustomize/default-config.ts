import {
  commonAnnotations,
  imageFields,
  labelsWithSelectors,
  namespaceFields,
  replicaFields,
  templateLabels,
  volumeClaimLabels,
} from './field-specs.ts';
import { nameReferenceFields } from './name-references.ts';
import type { TransformerConfig } from './transformer-config.ts';
import { compareGvk } from './transformer-config.ts';
import { varReferences } from './var-references.ts';

/** A configuration that names no field. */
export const emptyConfig: TransformerConfig = {
  namePrefix: [],
  nameSuffix: [],
  namespace: [],
  commonLabels: [],
  labels: [],
  templateLabels: [],
  volumeClaimTemplateLabels: [],
  commonAnnotations: [],
  varReference: [],
  images: [],
  replicas: [],
  nameReference: [],
};

/** What kustomize knows by itself. */
export const defaultConfig: TransformerConfig = {
  ...emptyConfig,
  namePrefix: [{ path: 'metadata/name' }],
  nameSuffix: [{ path: 'metadata/name' }],
  namespace: namespaceFields,
  commonLabels: labelsWithSelectors,
  templateLabels,
  volumeClaimTemplateLabels: volumeClaimLabels,
  commonAnnotations,
  varReference: varReferences,
  images: imageFields,
  replicas: replicaFields,
  nameReference: [...nameReferenceFields].sort((left, right) => compareGvk(left.target, right.target)),
};
