import ts from 'typescript';

export interface UsedCode {
  code: string;
  /** Null where only the code is given: answers that are not made from an error. */
  kind: string | null;
}

/**
 * Error codes that a source gives out: `{ code: 'a.b', kind: 'c' }` literals, classes with `code` and `kind` fields, and
 * `{ code: 'a.b', detail: '...' }` of problem documents.
 * Codes that are put together at run time are not seen; do not do that.
 */
export function usedErrorCodes(path: string, text: string): UsedCode[] {
  const found: UsedCode[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isObjectLiteralExpression(node)) collect(node.properties, found);
    if (ts.isClassLike(node)) collect(node.members, found);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, text, ts.ScriptTarget.Latest, false, ts.ScriptKind.TS));
  return found;
}

function collect(members: readonly ts.Node[], found: UsedCode[]): void {
  const code = literalOf(members, 'code');
  const kind = literalOf(members, 'kind');
  if (kind === null && literalOf(members, 'detail') === null) return;
  if (code !== null && /^[a-z0-9_-]+(\.[a-z0-9_-]+)+$/i.test(code)) found.push({ code, kind });
}

function literalOf(members: readonly ts.Node[], name: string): string | null {
  for (const member of members) {
    if (!ts.isPropertyAssignment(member) && !ts.isPropertyDeclaration(member)) continue;
    if (!ts.isIdentifier(member.name) || member.name.text !== name || !member.initializer) continue;
    const value = ts.isAsExpression(member.initializer) ? member.initializer.expression : member.initializer;
    if (ts.isStringLiteral(value)) return value.text;
  }
  return null;
}
