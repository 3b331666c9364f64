const ownAnnotation = 'fairlead.dev/depends-on';
const foreignAnnotation = 'config.kubernetes.io/depends-on';

/**
 * Keys (`group/kind/namespace/name`) of the objects that an object names as its dependencies. An empty namespace of a
 * namespaced kind is the namespace the app is placed in.
 */
export function dependencyRefs(annotations: Readonly<Record<string, string>>, causes: string[]): string[] {
  const refs = [
    ...readRefs(ownAnnotation, annotations[ownAnnotation], ownForm, causes),
    ...readRefs(foreignAnnotation, annotations[foreignAnnotation], foreignForm, causes),
  ];
  const seen = new Set<string>();
  for (const ref of refs) {
    if (seen.has(ref)) causes.push(`it names the dependency ${ref} twice`);
    seen.add(ref);
  }
  return [...seen];
}

function readRefs(
  annotation: string,
  said: string | undefined,
  form: (parts: string[]) => string | null,
  causes: string[],
): string[] {
  const refs: string[] = [];
  for (const text of (said ?? '').split(',').map((part) => part.trim())) {
    if (text === '') continue;
    const key = form(text.split('/'));
    if (key === null) causes.push(`${annotation} names "${text}": it has to be group/kind/namespace/name`);
    else refs.push(key);
  }
  return refs;
}

function ownForm(parts: string[]): string | null {
  const [, kind, , name] = parts;
  return parts.length === 4 && kind && name ? parts.join('/') : null;
}

/** `group/namespaces/namespace/kind/name`, or `group/kind/name` for kinds without a namespace. */
function foreignForm(parts: string[]): string | null {
  const [group = '', second = '', third = '', kind = '', name = ''] = parts;
  if (parts.length === 5 && second === 'namespaces' && third && kind && name)
    return `${group}/${kind}/${third}/${name}`;
  return parts.length === 3 && second && third ? `${group}/${second}//${third}` : null;
}
