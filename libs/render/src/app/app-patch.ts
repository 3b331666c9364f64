import type { JsonObject, YamlPath } from '@fairlead/manifests';
import { canonicalJson, fieldOf, isJsonObject, parseYamlDocuments, YamlError } from '@fairlead/manifests';
import { listOf, objectOf, textOf } from '../json-reading.ts';
import type { AppPatch } from './app-manifest.ts';
import type { PatchTarget } from './patch-target.ts';

type Report = (path: YamlPath, message: string) => void;

const maxPatchBytes = 64 * 1024;
const targetFields = ['group', 'version', 'kind', 'name', 'namespace', 'labelSelector', 'annotationSelector'] as const;

/** Reads the `patches` of the app or of one target. */
export function readPatches(owner: JsonObject, path: YamlPath, report: Report): AppPatch[] {
  return listOf(owner, 'patches').flatMap((entry, index) => {
    const place = [...path, 'patches', index];
    const patch = isJsonObject(entry) ? readPatch(entry, place, report) : null;
    return patch === null ? [] : [patch];
  });
}

function readPatch(entry: JsonObject, place: YamlPath, report: Report): AppPatch | null {
  const target = readObjectTarget(objectOf(entry, 'target'));
  const at = place.join('.');
  const operations = fieldOf(entry, 'jsonPatch');
  const merge = fieldOf(entry, 'patch');
  if ((operations === undefined) === (merge === undefined)) {
    report(place, 'a patch needs either "jsonPatch" or "patch"');
    return null;
  }
  if (canonicalJson(operations ?? merge ?? null).length > maxPatchBytes) {
    report(place, 'the patch is larger than 64 KiB');
    return null;
  }
  if (operations !== undefined)
    return { type: 'json', target, operations: listOf(entry, 'jsonPatch').filter(isJsonObject), at };
  const patch = typeof merge === 'string' ? parseMergePatch(merge, place, report) : merge;
  return isJsonObject(patch) ? { type: 'merge', target, patch, at } : null;
}

function parseMergePatch(text: string, place: YamlPath, report: Report): JsonObject | null {
  try {
    const { documents } = parseYamlDocuments(text, { dialect: 'kyaml', fileName: 'patch' });
    const [document] = documents;
    if (documents.length === 1 && isJsonObject(document?.value)) return document.value;
    report([...place, 'patch'], 'the patch must be one map');
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    report([...place, 'patch'], `the patch is not valid YAML: line ${error.line}: ${error.reason}`);
  }
  return null;
}

/** Reads which objects a patch or a rule is for. */
export function readObjectTarget(target: JsonObject | undefined): PatchTarget {
  const entries = targetFields.flatMap((field) => {
    const value = textOf(target, field);
    return value === undefined ? [] : [[field, value] as const];
  });
  return Object.fromEntries(entries);
}
