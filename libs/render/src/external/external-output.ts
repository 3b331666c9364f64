import type { BuildContext } from '../kustomize/build-context.ts';
import { resourcesOf } from '../kustomize/load-resources.ts';
import type { Resource } from '../kustomize/resource.ts';
import { parseText } from '../source/parsed-files.ts';

const sourceComment = /^# Source: (\S+)$/;

/** The objects in what an external program printed; each remembers the template that helm names for it. */
export function resourcesOfOutput(context: BuildContext, text: string, directory: string): Resource[] {
  const file = parseText(text, directory, 'kubectl');
  // The output is final: what looks like a variable there is content.
  const parsed = { ...file, mayContainReferences: false };
  const resources = resourcesOf(context, parsed, directory);
  const sources = sourceLines(text);
  for (const resource of resources) {
    const line = resource.origin.line ?? 1;
    // The comment stands right after the separator, so it may be the document's own first line or just above it.
    const source = sources.findLast((each) => each.line <= line + 1);
    if (source === undefined) continue;
    const [, ...rest] = source.path.split('/');
    resource.origin = { file: [directory, ...rest].filter((part) => part !== '').join('/') };
  }
  return resources;
}

function sourceLines(text: string): { line: number; path: string }[] {
  const found: { line: number; path: string }[] = [];
  text.split('\n').forEach((content, index) => {
    const path = sourceComment.exec(content)?.[1];
    if (path !== undefined) found.push({ line: index + 1, path });
  });
  return found;
}
