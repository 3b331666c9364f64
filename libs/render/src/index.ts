export type {
  AppManifest,
  AppPatch,
  AppTarget,
  CountOrPercent,
  LabelRequirement,
  LabelSelector,
  RolloutSpec,
  WaveClusters,
  WaveSpec,
} from './app/app-manifest.ts';
export { parseApp } from './app/parse-app.ts';
export type { PatchTarget } from './app/patch-target.ts';
export type { ParsedApp } from './app/parsed-app.ts';
export type { BuildResult } from './build-directory.ts';
export { buildDirectory } from './build-directory.ts';
export type { ObjectExplanation } from './explain-objects.ts';
export { explainObjects } from './explain-objects.ts';
export type { ExternalFile, ExternalOutput, ExternalOutputs, ExternalRequest } from './external/external-engine.ts';
export { ExternalNeeded } from './external/external-engine.ts';
export type { Finding } from './finding.ts';
export { formatFinding } from './finding.ts';
export type { Policy, PolicyExemption, PolicyRule } from './policy/policy.ts';
export { policyFileName } from './policy/policy.ts';
export { parsePolicies } from './policy/parse-policies.ts';
export type { RenderRequest, RenderResult } from './render-target.ts';
export { renderTarget } from './render-target.ts';
export type { MemoryFile } from './source/memory-tree.ts';
export { memoryTree, textTree } from './source/memory-tree.ts';
export { ParseCache } from './source/parsed-files.ts';
export type { RenderLimits, RenderTrace, SourceTree } from './source/source-tree.ts';
export { defaultLimits } from './source/source-tree.ts';
export { matchesSelector } from './targets/label-selector.ts';
export { SchemaSet } from './validation/schema-set.ts';
export { factNames } from './targets/fact-names.ts';
export { compilePattern } from './text-pattern.ts';
export type { TargetPlan } from './targets/plan-target.ts';
export { planTarget } from './targets/plan-target.ts';
export type { ClusterFacts } from './variables/scope-values.ts';
