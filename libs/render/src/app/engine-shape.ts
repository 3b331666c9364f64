import type { Shape } from '../schema-shape.ts';
import { flag, text, texts } from '../schema-shape.ts';
import { choice, fields, list, objectTarget } from './shapes.ts';

const maxExpression = 2000;
const subdomain = '[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?';
const accountName = new RegExp(`^(${subdomain}/)?${subdomain}$`);

const expression: Shape = {
  type: 'text',
  accepts: (value) => value.trim() !== '' && value.length <= maxExpression,
  expected: `a CEL expression over "object" of at most ${maxExpression} characters`,
};

export const serviceAccount: Shape = {
  type: 'text',
  accepts: (value) => accountName.test(value),
  expected: 'the name of a ServiceAccount, or namespace/name',
};

export const applyShape = fields({
  conflicts: choice('force', 'report'),
  adopt: choice('unowned', 'never', 'always'),
  recreate: flag,
  takeOver: list(text, 50),
  onInvalid: choice('reject', 'skip'),
});

export const pruneShape = fields({
  enabled: flag,
  maxDeletes: { type: 'countOrPercent' },
  confirm: texts,
  allowEmpty: flag,
  propagation: choice('background', 'foreground', 'orphan'),
  cascade: flag,
});

export const ignoreShape = list(
  fields({ target: objectTarget, paths: list(text, 100), managers: list(text, 50) }),
  100,
);

export const healthShape = list(
  fields({ apiVersion: text, kind: text, progressing: expression, failed: expression, current: expression }, [
    'apiVersion',
    'kind',
    'current',
  ]),
  100,
);
