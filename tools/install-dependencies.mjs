// Makes sure that node_modules holds what package-lock.json says, before anything that needs it is started. Has no
// dependencies itself and runs on the Node that the machine has, so that the first command after a clone can be any.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const wantedFile = `${root}package-lock.json`;
// npm writes this file at the end of every installation: what it installed, in the form of the lock file.
const installedFile = `${root}node_modules/.package-lock.json`;

/** Installs when something that the lock file names is missing or has another version. Ends the process with a line that says what to do. */
export async function installDependencies() {
  if (isInstalled()) return;
  const [major] = process.versions.node.split('.');
  if (Number(major) < 20) fail(`Node 20 or newer is needed to begin with; this is ${process.versions.node}.`);
  const startedAt = Date.now();
  console.log('  … dependencies  npm install, about two minutes');
  // Not `npm ci`: it refuses a lock file that does not list the binaries of platforms other than those it was made for.
  const { code, output } = await run('npm', ['install', '--no-save', '--no-progress', '--loglevel=error']);
  if (code !== 0 || !isInstalled()) fail(`npm install failed (exit code ${code}):\n${output.trim().slice(-2000)}`);
  const seconds = Math.round((Date.now() - startedAt) / 1000);
  console.log(`  ✔ ${'dependencies'.padEnd(72)}${seconds} s`);
}

// By content, not by time: a checkout gives the lock file a new time without changing what it says.
function isInstalled() {
  if (!existsSync(installedFile)) return false;
  const installed = packagesOf(installedFile);
  return Object.entries(packagesOf(wantedFile)).every(([path, wanted]) => {
    if (path === '' || wanted.link === true || !path.startsWith('node_modules/')) return true;
    const found = installed[path];
    return found === undefined ? wanted.optional === true : found.version === wanted.version;
  });
}

function packagesOf(file) {
  return JSON.parse(readFileSync(file, 'utf8')).packages;
}

function run(command, args) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
    child.on('error', (error) => resolve({ code: -1, output: error.message }));
    child.on('close', (code) => resolve({ code, output }));
  });
}

function fail(message) {
  console.error(`✖ ${message}\n  Put it right and run the same command again.`);
  process.exit(1);
}
