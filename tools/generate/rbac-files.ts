import { presetYaml } from '../../apps/agent/src/rbac/preset-yaml.ts';
import { presetNames } from '../../apps/agent/src/rbac/presets.ts';

const namespaces = ['team-a', 'team-b'];

/** What `agent rbac` prints, by file: to be read before it is granted. The namespaces are examples. */
export function rbacFiles(): Record<string, string> {
  const files = presetNames.map((preset) => {
    const options = { agentNamespace: 'fairlead-system', namespaces: preset === 'cluster-admin' ? [] : namespaces };
    return [`deploy/agent/rbac/${preset}.yaml`, presetYaml(preset, options)] as const;
  });
  return Object.fromEntries(files);
}
