import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { root } from './root.ts';

/** A setting as its source describes it. */
interface Setting {
  readonly name: string;
  readonly comment: string;
  readonly text: string;
}

const hubFile = 'apps/hub/src/platform/config/config.ts';
const agentFile = 'apps/agent/src/config.ts';
const limitsFile = 'apps/agent/src/limits-config.ts';
const limitsTypeFile = 'apps/agent/src/domain/tenancy/local-limits.ts';

/**
 * docs/configuration.md, from the comments and schemas in the two config files: the comment above a setting is its
 * documentation, so it cannot be forgotten in another place.
 */
export function configurationDocs(): string {
  const hub = settingsOf(hubFile, (node) => ts.isVariableDeclaration(node) && node.name.getText() === 'Environment');
  const agent = [
    ...settingsOf(agentFile, (node) => ts.isInterfaceDeclaration(node) && node.name.text === 'AgentConfig'),
    ...settingsOf(limitsTypeFile, (node) => ts.isInterfaceDeclaration(node) && node.name.text === 'LocalLimits'),
  ];
  const hubRows = hub.map((setting) => `| \`${setting.name}\` | ${meaning(setting)} | ${byDefault(setting)} |`);
  const agentRows = agentInputs().map(({ flag, variable }) => {
    const isNamed = ({ name, comment }: Setting) =>
      comment.includes(`\`${variable}\``) || (flag !== null && name === camelCase(flag));
    const setting = agent.find(isNamed);
    const text = setting === undefined ? '' : meaning(setting).replace(/ ?\(`\w+`\)/, '');
    return `| ${flag === null ? '' : `\`--${flag}\``} | \`${variable}\` | ${text} |`;
  });
  return [
    '# Configuration',
    'Generated from the sources by "npm run generate"; do not edit. All problems of a configuration are reported together.',
    '## Hub (environment variables)',
    ['| variable | meaning | default |', '| --- | --- | --- |', ...hubRows].join('\n'),
    '## Agent (flags, or environment variables where there is no flag)',
    ['| flag | variable | meaning |', '| --- | --- | --- |', ...agentRows].join('\n'),
  ].join('\n\n');
}

/** Flags of the agent with the environment variable that stands in for each, then what only the environment sets. */
function agentInputs(): { readonly flag: string | null; readonly variable: string }[] {
  const text = [agentFile, limitsFile].map((file) => readFileSync(join(root, file), 'utf8')).join('\n');
  const flags = [...text.matchAll(/read\('([\w-]+)', '(\w+)'\)/g)];
  const alone = [...text.matchAll(/readMs\(env, '(\w+)'/g)];
  return [
    ...flags.map(([, flag = '', variable = '']) => ({ flag, variable })),
    ...alone.map(([, variable = '']) => ({ flag: null, variable })),
  ];
}

function camelCase(flag: string): string {
  return flag.replaceAll(/-(\w)/g, (_match, letter: string) => letter.toUpperCase());
}

function settingsOf(file: string, isHolder: (node: ts.Node) => boolean): Setting[] {
  const text = readFileSync(join(root, file), 'utf8');
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const holder = findNode(source, isHolder);
  if (holder === null) throw new Error(`${file} no longer has the settings where this program looks for them`);
  const members: ts.Node[] = [];
  collectMembers(holder, members);
  return members.map((member) => toSetting(member, file));
}

function toSetting(member: ts.Node, file: string): Setting {
  const isNamed = ts.isPropertyAssignment(member) || ts.isPropertySignature(member);
  const name = isNamed ? member.name.getText() : member.getText();
  const comment = ts
    .getJSDocCommentsAndTags(member)
    .map((doc) => (ts.isJSDoc(doc) ? (ts.getTextOfJSDocComment(doc.comment) ?? '') : ''))
    .join(' ');
  if (comment === '' && file === hubFile) throw new Error(`${file}: ${name} has no comment to document it with`);
  return { name, comment, text: member.getText() };
}

// The outermost members only: a setting's own schema may have properties too.
function collectMembers(node: ts.Node, members: ts.Node[]): void {
  node.forEachChild((child) => {
    if (ts.isPropertyAssignment(child) || ts.isPropertySignature(child)) members.push(child);
    else collectMembers(child, members);
  });
}

function findNode(node: ts.Node, isWanted: (node: ts.Node) => boolean): ts.Node | null {
  if (isWanted(node)) return node;
  return ts.forEachChild(node, (child) => findNode(child, isWanted) ?? undefined) ?? null;
}

function meaning(setting: Setting): string {
  return setting.comment.replaceAll(/\s+/g, ' ').replaceAll('|', '\\|').trim();
}

function byDefault(setting: Setting): string {
  const found = /\.default\(([^()]*)\)/.exec(setting.text)?.[1];
  return found === undefined ? 'unset' : `\`${found.replaceAll(/^'|'$/g, '').replaceAll(/(?<=\d)_(?=\d)/g, '')}\``;
}
