import type { LocalHub } from './hub.ts';
import type { Screen } from './screen.ts';

/** What is printed when all is up: where it is, how to get in, and what a quarter of an hour is well spent on. */
export function whatToTry(hub: LocalHub, screen: Screen, clusters: readonly string[], hasKubectl: boolean): string {
  const { bold, dim } = screen.paint;
  const last = clusters.at(-1) ?? 'rest-1';
  const kubectl = hasKubectl
    ? `.fairlead/bin/kubectl --kubeconfig .fairlead/clusters/${last}.yaml`
    : `kubectl --context <context of ${last}>`;
  const patch = `-p '{"data":{"rate":"9999"}}'`;
  const token = hub.isNewToken
    ? `token ${bold(hub.token)} ${dim('(shown once; also in .fairlead/cli.json, for this user only)')}`
    : `token in .fairlead/cli.json ${dim('(for this user only)')}`;
  return `
  Sign in: ${bold(hub.url)}  ·  ${token}  ·  ${dim(`API described at ${hub.url}/openapi.json`)}

  Try, in a second terminal:
   1  npx fairlead status
   2  npx fairlead drift watch           ${dim('# who, which field, before and after; leave it running and, in a third terminal:')}
      ${kubectl} -n orders patch configmap limits --type merge ${patch}
                                         ${dim('# it is put back at once')}
   3  npm run demo -- bad-release        ${dim('# a release that never becomes ready: the canary fails, goes back by itself, the others never see it')}
      npx fairlead status                ${dim('# what is held and why;  npm run demo -- fix-release  ends it')}
   4  npm run demo -- cut ${last.padEnd(15)}${dim("# cuts the agent's link for a minute: it becomes unknown, works on, and heals")}
      npx fairlead clusters list --watch
   5  npx fairlead rollouts plan --group shop-platform --release 1   ${dim('# what going back would do, before it does it')}

  ${dim('The sample source is .fairlead/demo: commit and push there. Logs are in .fairlead/logs. Ctrl-C stops everything.')}
`;
}
