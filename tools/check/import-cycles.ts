import ts from 'typescript';

/** What a module imports at run time, as written: type-only imports vanish and cannot make a cycle. */
export function runtimeImports(path: string, text: string): string[] {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, false, ts.ScriptKind.TS);
  return file.statements.flatMap((statement) => {
    if (ts.isImportDeclaration(statement) && ts.isStringLiteral(statement.moduleSpecifier)) {
      return isTypeOnlyImport(statement) ? [] : [statement.moduleSpecifier.text];
    }
    if (
      ts.isExportDeclaration(statement) &&
      statement.moduleSpecifier &&
      ts.isStringLiteral(statement.moduleSpecifier)
    ) {
      return statement.isTypeOnly ? [] : [statement.moduleSpecifier.text];
    }
    return [];
  });
}

function isTypeOnlyImport({ importClause }: ts.ImportDeclaration): boolean {
  if (!importClause) return false;
  if (importClause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  const { name, namedBindings } = importClause;
  return (
    !name &&
    namedBindings !== undefined &&
    ts.isNamedImports(namedBindings) &&
    namedBindings.elements.length > 0 &&
    namedBindings.elements.every((element) => element.isTypeOnly)
  );
}

/** Groups of modules that import each other in a circle; each group once, sorted. */
export function findCycles(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  // Tarjan's strongly connected components.
  const indexes = new Map<string, number>();
  const lowest = new Map<string, number>();
  const stack: string[] = [];
  const onStack = new Set<string>();
  const cycles: string[][] = [];

  const visit = (node: string): void => {
    const index = indexes.size;
    indexes.set(node, index);
    lowest.set(node, index);
    stack.push(node);
    onStack.add(node);
    for (const next of graph.get(node) ?? []) {
      if (!indexes.has(next)) {
        visit(next);
        lowest.set(node, Math.min(lowest.get(node) ?? index, lowest.get(next) ?? index));
      } else if (onStack.has(next)) {
        lowest.set(node, Math.min(lowest.get(node) ?? index, indexes.get(next) ?? index));
      }
    }
    if (lowest.get(node) !== index) return;
    const group = stack.splice(stack.lastIndexOf(node));
    for (const member of group) onStack.delete(member);
    const isCycle = group.length > 1 || (graph.get(node) ?? []).includes(node);
    if (isCycle) cycles.push(group.sort());
  };

  for (const node of graph.keys()) if (!indexes.has(node)) visit(node);
  return cycles.sort((left, right) => (left[0] ?? '').localeCompare(right[0] ?? ''));
}
