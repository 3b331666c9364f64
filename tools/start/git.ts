import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
// People may have commits signed, hooks and an editor set up; what is done for them here must not depend on that.
const settings = ['-c', 'commit.gpgsign=false', '-c', 'core.editor=true', '-c', 'advice.detachedHead=false'];

/** Runs git in a directory; gives what it printed. */
export async function git(directory: string, ...command: string[]): Promise<string> {
  const { stdout } = await run('git', [...settings, '-C', directory, ...command], {
    env: { ...process.env, GIT_TERMINAL_PROMPT: '0' },
  });
  return stdout.trim();
}
