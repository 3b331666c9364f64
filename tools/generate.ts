// Writes every file of the repository that is made from something else: `npm run generate`. With `--check` nothing is
// written; what differs is said, and the exit code is 1.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { format } from 'prettier';
import { agentCases } from './generate/agent-cases.ts';
import { clientTypes } from './generate/client-types.ts';
import { commandDocs } from './generate/command-docs.ts';
import { configurationDocs } from './generate/configuration-docs.ts';
import { firstDifference } from './generate/first-difference.ts';
import { errorDocs } from './generate/error-docs.ts';
import { openapiDocument } from './generate/openapi-document.ts';
import { rbacFiles } from './generate/rbac-files.ts';
import { root } from './generate/root.ts';
import { schemaSnapshot } from './generate/schema-snapshot.ts';

const isCheck = process.argv.includes('--check');
const openapi = openapiDocument();

const files: Readonly<Record<string, string>> = {
  'docs/openapi.json': `${JSON.stringify(openapi, null, 2)}\n`,
  'libs/shared/src/client/schema.gen.ts': await clientTypes(openapi),
  'docs/cli.md': await markdown(commandDocs()),
  'docs/configuration.md': await markdown(configurationDocs()),
  'docs/errors.md': await markdown(errorDocs()),
  'test/conformance/agent-cases.md': await markdown(agentCases()),
  'docs/schema.snapshot.sql': await schemaSnapshot(),
  ...rbacFiles(),
};

let differing = 0;
for (const [path, wanted] of Object.entries(files)) {
  const file = join(root, path);
  const present = existsSync(file) ? readFileSync(file, 'utf8') : '';
  if (present === wanted) continue;
  differing += 1;
  if (isCheck) console.log(`${path} is not what its sources make of it:\n${firstDifference(present, wanted)}`);
  else {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, wanted);
    console.log(`wrote ${path}`);
  }
}
if (isCheck && differing > 0) {
  console.log('Run "npm run generate" and commit what it writes.');
  process.exitCode = 1;
}

function markdown(text: string): Promise<string> {
  return format(text, { parser: 'markdown', printWidth: 120 });
}
