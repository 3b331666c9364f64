import { FieldPathError, visitField } from './field-path.ts';
import type { FieldSpec } from './field-path.ts';
import { isSelectedBy } from './gvk.ts';
import type { Resource } from './resource.ts';
import { plainText } from './scalar-text.ts';

type Affix = 'prefix' | 'suffix';

/** Puts a prefix or a suffix to names; kinds whose name is given from outside keep theirs. */
export function addAffix(
  resources: readonly Resource[],
  affix: Affix,
  text: string,
  fields: readonly FieldSpec[],
): void {
  if (text === '') return;
  for (const resource of resources) {
    if (keepsItsName(resource)) continue;
    const { originalId } = resource;
    for (const field of fields) {
      if (!isSelectedBy(originalId, field)) continue;
      if (field.path === 'metadata/name') renameWith(resource, affix, text);
      else changeField(resource, field, affix, text);
    }
  }
}

function renameWith(resource: Resource, affix: Affix, text: string): void {
  if (affix === 'prefix') resource.prefixes = [...resource.prefixes, text];
  else resource.suffixes = [...resource.suffixes, text];
  resource.rememberId();
  resource.name = affix === 'prefix' ? text + resource.name : resource.name + text;
}

function changeField(resource: Resource, field: FieldSpec, affix: Affix, text: string): void {
  visitField(resource.object, field, 'text', (value) => {
    if (value === null) throw new FieldPathError(`"${field.path}" has no value`);
    if (typeof value === 'object') throw new FieldPathError(`"${field.path}" is no text`);
    return affix === 'prefix' ? text + plainText(value) : plainText(value) + text;
  });
}

function keepsItsName(resource: Resource): boolean {
  const { kind, group } = resource.originalId;
  return (
    kind === 'CustomResourceDefinition' ||
    kind === 'Namespace' ||
    (kind === 'APIService' && group === 'apiregistration.k8s.io')
  );
}
