import { simpleGit } from 'simple-git';
import { unreachable, localFailure } from './git.errors.ts';
import { withoutCredentials } from './repository-url.ts';

// What git may need of the hub's environment to reach a repository. Everything else (database URL, sealing key) stays here.
const passedOn = [
  'PATH', 'HOME', 'USER', 'TMPDIR', 'XDG_CONFIG_HOME', 'SSH_AUTH_SOCK', 'SSL_CERT_FILE', 'SSL_CERT_DIR',
  'http_proxy', 'https_proxy', 'no_proxy', 'HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY',
]; // prettier-ignore

const own = {
  // Messages are told apart by their English text.
  LC_ALL: 'C',
  GIT_TERMINAL_PROMPT: '0',
  GIT_ALLOW_PROTOCOL: 'http:https:ssh:git:file',
  GIT_NO_LAZY_FETCH: '1',
};

// Hooks of the hub user's own configuration or template must not run either. `gc` runs when we say so, in the foreground.
const config = ['core.hooksPath=/dev/null', 'protocol.ext.allow=never', 'gc.auto=0', 'advice.detachedHead=false'];

/** The environment of every git process of the hub. */
export function gitEnvironment(): Record<string, string> {
  const passed = passedOn.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...Object.fromEntries(passed), ...own };
}

/**
 * Runs one git command in `directory` and returns its output. `timeoutMs` covers the whole command, not only silence.
 * Throws `git.failed` with git's own complaint, credentials removed. Commands that print nothing take 50 ms longer,
 * because simple-git waits for output that may still come: where time matters, make them print something.
 */
export async function runGit(
  directory: string,
  timeoutMs: number,
  command: readonly string[],
  input?: string,
): Promise<string> {
  const deadline = AbortSignal.timeout(timeoutMs);
  try {
    return await simpleGit({
      baseDir: directory,
      abort: deadline,
      ...(input === undefined ? {} : { input: () => input }),
      config,
      allowEnvironment: Object.keys(own),
      unsafe: { allowUnsafeHooksPath: true, allowUnsafeProtocolOverride: true, allowUnsafeTemplateDir: true },
    })
      .env(gitEnvironment())
      .raw([...command]);
  } catch (cause) {
    if (deadline.aborted) throw unreachable(`no answer within ${Math.round(timeoutMs / 1000)} s`, cause);
    throw localFailure(complaintOf(cause));
  }
}

/** Git's complaint in one line. The original error is dropped on purpose: it holds the whole command line. */
function complaintOf(error: unknown): string {
  const lines = (error instanceof Error ? error.message : String(error))
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const fatal = lines.find((line) => /^(fatal|error):/.test(line)) ?? lines[0] ?? 'no message';
  return withoutCredentials(fatal.replace(/^(fatal|error): /, '')).slice(0, 300);
}
