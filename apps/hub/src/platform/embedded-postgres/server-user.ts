import { execFileSync } from 'node:child_process';
import { accessSync, chownSync, constants, existsSync } from 'node:fs';

/** How to start PostgreSQL programs: as ourselves, or, since they refuse root, as somebody else. */
export interface ServerUser {
  /** Ids for `spawn`; empty when we are not root. */
  ids: { uid?: number; gid?: number };
  /** Command to put in front; empty when the user can reach all files anyway. */
  prefix: string[];
  own: (path: string) => void;
}

/** As root: the `postgres` user when there is one, else `nobody`. Nothing is changed on the machine. */
export function serverUser(mustReach: string[]): ServerUser {
  if (process.getuid?.() !== 0) return { ids: {}, prefix: [], own: () => {} };
  const ids = idsOf('postgres') ?? idsOf('nobody') ?? { uid: 65534, gid: 65534 };
  const own = (path: string) => chownSync(path, ids.uid, ids.gid);
  if (mustReach.every((path) => canReach(path, ids))) return { ids, prefix: [], own };
  // A clone below /root cannot be entered by others. The one capability lets the server pass; it still is not root.
  const setpriv = '/usr/bin/setpriv';
  if (!existsSync(setpriv)) return { ids, prefix: [], own };
  const keep = '+dac_override';
  return {
    ids: {},
    prefix: [
      setpriv,
      `--reuid=${ids.uid}`,
      `--regid=${ids.gid}`,
      '--clear-groups',
      `--inh-caps=${keep}`,
      `--ambient-caps=${keep}`,
    ],
    own,
  };
}

function idsOf(user: string): { uid: number; gid: number } | null {
  try {
    const read = (flag: string) => Number(execFileSync('id', [flag, user], { stdio: ['ignore', 'pipe', 'ignore'] }));
    return { uid: read('-u'), gid: read('-g') };
  } catch {
    // No such user.
    return null;
  }
}

function canReach(path: string, ids: { uid: number; gid: number }): boolean {
  try {
    execFileSync(process.execPath, ['-e', 'require("fs").accessSync(process.argv[1],1)', path], {
      ...ids,
      stdio: 'ignore',
    });
    return true;
  } catch {
    // Either the path or Node itself is out of reach for that user; both mean that the detour is needed.
    accessSync(path, constants.F_OK);
    return false;
  }
}
