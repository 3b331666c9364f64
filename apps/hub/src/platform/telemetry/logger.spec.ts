import { CodedError } from '@fairlead/shared/kernel';
import { describeError } from './logger.ts';

describe('errors in the log', () => {
  it('show code, details and causes', () => {
    const cause = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });
    const error = new CodedError({ code: 'git.unreachable', kind: 'unavailable' }, 'away', { source: 'a' }, { cause });
    expect(describeError(error)).toMatchObject({
      type: 'CodedError',
      message: 'away',
      code: 'git.unreachable',
      details: { source: 'a' },
      cause: { message: 'refused', code: 'ECONNREFUSED' },
    });
  });

  it('show nothing else that hangs on them', () => {
    const error = Object.assign(new Error('broken'), { client: { password: 'hunter2' } });
    expect(JSON.stringify(describeError(error))).not.toContain('hunter2');
    expect(describeError('just a text')).toBe('just a text');
  });
});
