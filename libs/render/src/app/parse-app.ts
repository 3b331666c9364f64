import type { JsonObject, YamlPath } from '@fairlead/manifests';
import { fieldAt, isJsonObject, parseYamlDocuments, YamlError } from '@fairlead/manifests';
import type { Finding } from '../finding.ts';
import { findingAt, findingOfYamlError, RenderFailure } from '../finding.ts';
import { checkShape } from '../schema-shape.ts';
import type { CheckExpression } from './engine-settings.ts';
import type { ParsedApp } from './parsed-app.ts';
import { appShape } from './app-shape.ts';
import { normalizeApp } from './normalize-app.ts';

/** Reads `fairlead.yaml`; every mistake is reported with its place, and nothing unknown is skipped. */
export function parseApp(text: string, fileName: string, checkExpression?: CheckExpression): ParsedApp {
  try {
    return readApp(text, fileName, checkExpression);
  } catch (error) {
    if (error instanceof YamlError) return { ok: false, errors: [findingOfYamlError(error)] };
    if (error instanceof RenderFailure) return { ok: false, errors: [...error.findings] };
    throw error;
  }
}

function readApp(text: string, fileName: string, checkExpression?: CheckExpression): ParsedApp {
  const { documents } = parseYamlDocuments(text, { dialect: 'sigs', fileName });
  const filled = documents.filter((document) => document.value !== null);
  const [document] = filled;
  if (document === undefined) return refuse([{ file: fileName, message: 'the file is empty; an App is expected' }]);
  if (filled.length > 1) {
    return refuse([{ file: fileName, message: 'one App in a file: put a second one into a directory of its own' }]);
  }
  if (!isJsonObject(document.value)) return refuse([{ file: fileName, message: 'the document must be a map' }]);
  const place = (path: YamlPath) => ({ file: fileName, text, path });
  const problems = [...checkShape(document.value, appShape), ...unsupportedChoices(document.value)];
  if (problems.length > 0) {
    return refuse(problems.map((problem) => findingAt(place(problem.path), problem.message, problem.hint)));
  }
  const complain = (path: YamlPath, message: string) => findingAt(place(path), message);
  return normalizeApp(document.value, { file: fileName, complain, checkExpression });
}

/** Values that the format knows and this version does not. */
function unsupportedChoices(document: JsonObject): { path: YamlPath; message: string; hint?: string }[] {
  const problems: { path: YamlPath; message: string }[] = [];
  const project = fieldAt(document, ['spec', 'project']);
  if (typeof project === 'string' && project !== 'default')
    problems.push({ path: ['spec', 'project'], message: `not supported by this version: spec.project: ${project}` });
  return problems;
}

function refuse(errors: Finding[]): ParsedApp {
  return { ok: false, errors };
}
