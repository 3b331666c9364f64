import { usedErrorCodes } from './error-codes.ts';

it('finds the error codes a source gives out, with their kinds', () => {
  const text = `
    throw new CodedError({ code: 'app.not-found', kind: 'not_found' }, 'There is no such app.');
    class Lost extends AppError { readonly code = 'git.lost'; readonly kind = 'unavailable' as const; }
    const http = { code: 404, kind: 'x' };
    const problem = { code: 'hub.internal', detail: 'The hub made a mistake.' };
    const bare = { code: 'app.bare' };
  `;
  expect(usedErrorCodes('x.ts', text)).toEqual([
    { code: 'app.not-found', kind: 'not_found' },
    { code: 'git.lost', kind: 'unavailable' },
    { code: 'hub.internal', kind: null },
  ]);
});
