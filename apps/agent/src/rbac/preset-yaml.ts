import { dump } from 'js-yaml';
import { presetLimits, rbacPreset } from './presets.ts';
import type { PresetName, PresetOptions } from './presets.ts';

/** A preset as one file for `kubectl apply`, with what to start the agent with in a comment. */
export function presetYaml(preset: PresetName, options: PresetOptions): string {
  const { summary, objects } = rbacPreset(preset, options);
  const limits = Object.entries(presetLimits(preset, options)).map(([name, value]) => `  ${name}=${value}`);
  const advice =
    limits.length > 0 ? limits : ['  FAIRLEAD_ALLOWED_NAMESPACES, FAIRLEAD_ALLOWED_KINDS, FAIRLEAD_CLUSTER_SCOPED'];
  const head = [...summary, ...advice].map((line) => `# ${line}`.trimEnd()).join('\n');
  const documents = objects.map((object) => dump(object, { lineWidth: 120, noRefs: true }));
  return `${head}\n---\n${documents.join('---\n')}`;
}
